//! Puts rows of pieces on the frame, inside an area and never outside.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Clear;

use crate::tui::document::{Document, Piece, Row, piece, row_width};
use crate::tui::glyphs;
use crate::tui::theme::{Role, Theme};

pub struct Painter<'a, 'b> {
    frame: &'a mut Frame<'b>,
    theme: &'a Theme,
}

impl<'a, 'b> Painter<'a, 'b> {
    pub fn new(frame: &'a mut Frame<'b>, theme: &'a Theme) -> Self {
        Self { frame, theme }
    }

    /// Columns of the whole screen.
    pub fn width(&self) -> u16 {
        self.frame.area().width
    }

    pub fn background(&mut self) {
        let (area, style) = (self.frame.area(), self.theme.style(Role::Text));
        self.frame.buffer_mut().set_style(area, style);
    }

    /// Empties an area for what lies over the rest.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.frame.area());
        self.frame.render_widget(Clear, area);
        let style = self.theme.style(Role::Text);
        self.frame.buffer_mut().set_style(area, style);
    }

    /// Row `offset` of an area, cut at its right edge.
    pub fn row(&mut self, area: Rect, offset: u16, row: &[Piece]) {
        let visible = area.intersection(self.frame.area());
        let y = area.y.saturating_add(offset);
        if offset >= area.height || y >= visible.bottom() || area.x >= visible.right() {
            return;
        }
        let mut x = area.x;
        for piece in row {
            let room = usize::from(visible.right().saturating_sub(x));
            if room == 0 {
                break;
            }
            let style = self.theme.style(piece.role);
            let text = if self.theme.ascii {
                glyphs::ascii(&piece.text)
            } else {
                Cow::Borrowed(piece.text.as_str())
            };
            (x, _) = self.frame.buffer_mut().set_stringn(x, y, text, room, style);
        }
    }

    /// A row over the whole width of the area, in one role: the chosen row of a list.
    pub fn bar(&mut self, area: Rect, offset: u16, mut row: Row, role: Role) {
        for piece in &mut row {
            piece.role = role;
        }
        let gap = usize::from(area.width).saturating_sub(row_width(&row));
        row.push(piece(role, " ".repeat(gap)));
        self.row(area, offset, &row);
    }

    /// The rows of a document from `top` on.
    pub fn document(&mut self, area: Rect, document: &Document, top: usize) {
        for (offset, row) in (0..area.height).zip(document.rows().iter().skip(top)) {
            self.row(area, offset, row);
        }
    }

    /// A row filled up with a line: `left ───── right`.
    pub fn rule(&mut self, area: Rect, mut left: Row, right: Row, role: Role) {
        let width = usize::from(area.width);
        let used = row_width(&left) + row_width(&right);
        if used + 2 > width {
            left.extend(right);
            return self.row(area, 0, &left);
        }
        left.push(piece(role, "─".repeat(width - used - 1)));
        left.extend(right);
        left.push(piece(role, "─"));
        self.row(area, 0, &left);
    }

    /// Says at the right edge which part of the whole is shown, when it is not all.
    pub fn scroll_mark(&mut self, area: Rect, top: usize, total: usize) {
        let height = usize::from(area.height);
        if area.width < 8 || area.height < 2 || total <= height {
            return;
        }
        let edge = Rect {
            x: area.right() - 1,
            width: 1,
            ..area
        };
        let length = (height * height / total).max(1);
        let first = (top * (height - length))
            .checked_div(total - height)
            .unwrap_or(0);
        for offset in first..(first + length).min(height) {
            let offset = u16::try_from(offset).unwrap_or(u16::MAX);
            self.row(edge, offset, &[piece(Role::Rule, "┃")]);
        }
    }

    pub fn cursor(&mut self, x: u16, y: u16) {
        if self.frame.area().contains(Position { x, y }) {
            self.frame.set_cursor_position(Position { x, y });
        }
    }
}
