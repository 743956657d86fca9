//! The frame of what lies over the panes: a title row, the contents, a rule below.

use ratatui::layout::Rect;

use super::paint::Painter;
use crate::tui::document::{Row, piece};
use crate::tui::state::State;
use crate::tui::theme::Role;

/// Where a frame with room for `rows` rows of contents lies: in the middle, above the status row, and
/// from the second row on where there is room.
pub fn place(state: &State, columns: u16, rows: u16) -> Rect {
    let (width, height) = state.size;
    let free = height.saturating_sub(1);
    let columns = columns.saturating_add(4).min(width);
    let rows = rows.saturating_add(2).min(free);
    Rect {
        x: (width - columns) / 2,
        y: (free - rows) / 3,
        width: columns,
        height: rows,
    }
}

/// Paints the frame; gives the area of the contents.
pub fn paint(painter: &mut Painter, area: Rect, title: &str, right: Row) -> Rect {
    let screen = painter.width();
    painter.clear(area);
    let left: Row = vec![
        piece(Role::RuleFocused, "─ "),
        piece(Role::TitleFocused, title),
        piece(Role::RuleFocused, " "),
    ];
    painter.rule(area, left, right, Role::RuleFocused);
    if area.height > 2 {
        let foot = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        };
        painter.rule(foot, Row::new(), Row::new(), Role::RuleFocused);
        if area.width < screen && area.width > 2 {
            sides(painter, area);
        }
    }
    let edge = 2.min(area.width / 2);
    Rect {
        x: area.x + edge,
        y: area.y + area.height.min(1),
        width: area.width - 2 * edge,
        height: area.height.saturating_sub(2),
    }
}

/// What does not reach from edge to edge is closed at its sides too.
fn sides(painter: &mut Painter, area: Rect) {
    let column = |x: u16| Rect {
        x,
        width: 1,
        ..area
    };
    let last = area.height - 1;
    for (edge, top, bottom) in [
        (column(area.x), "┌", "└"),
        (column(area.right() - 1), "┐", "┘"),
    ] {
        for offset in 0..area.height {
            let part = match offset {
                0 => top,
                offset if offset == last => bottom,
                _ => "│",
            };
            painter.row(edge, offset, &[piece(Role::RuleFocused, part)]);
        }
    }
}
