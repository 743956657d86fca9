//! A list to choose from: the line that is typed, and below it what fits, the best first.

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::frame;
use super::paint::Painter;
use crate::tui::document::{Row, cut, cut_text, piece, row_width};
use crate::tui::state::picker::{Hit, Item, Purpose};
use crate::tui::state::{Picker, State};
use crate::tui::theme::Role;

const COLUMNS: u16 = 92;
const ROWS: u16 = 18;
/// Themes leave most of the screen free, so that one sees what is tried on.
const NARROW: u16 = 28;

pub fn paint(painter: &mut Painter, state: &State, picker: &Picker) {
    let (title, mark, columns) = match picker.purpose {
        Purpose::Commands => ("Commands", ":", COLUMNS),
        Purpose::Find => ("Find", ">", COLUMNS),
        Purpose::Methods => ("Edit a method", ">", COLUMNS),
        Purpose::Themes { .. } => ("Theme", ">", NARROW),
    };
    let rows = u16::try_from(picker.total() + 1).unwrap_or(ROWS).min(ROWS);
    let count = format!(" {} of {} ", picker.len(), picker.total());
    let area = frame::place(state, columns, rows.max(4));
    let inner = frame::paint(painter, area, title, vec![piece(Role::Title, count)]);
    input(painter, inner, mark, picker);
    let list = Rect {
        y: inner.y + inner.height.min(1),
        height: inner.height.saturating_sub(1),
        ..inner
    };
    if picker.is_empty() {
        return painter.row(list, 0, &[piece(Role::Dim, "nothing fits")]);
    }
    let height = usize::from(list.height);
    let top = (picker.chosen_row() + 1).saturating_sub(height.max(1));
    let names = names(picker, top, height);
    let visible = picker.rows().enumerate().skip(top);
    for (offset, (at, (item, hit))) in (0..list.height).zip(visible) {
        let Some(item) = item else { continue };
        let row = row(item, hit, names, usize::from(list.width));
        if at == picker.chosen_row() {
            painter.bar(list, offset, row, Role::Selected);
        } else {
            painter.row(list, offset, &row);
        }
    }
}

fn input(painter: &mut Painter, area: Rect, mark: &str, picker: &Picker) {
    let line = &picker.line;
    let before = line
        .text()
        .get(..line.cursor())
        .map_or(0, UnicodeWidthStr::width);
    let room = usize::from(area.width).saturating_sub(3);
    let text = if before > room {
        // The end is what one is typing.
        let mut rest = line.text();
        while rest.width() > room {
            let mut characters = rest.chars();
            characters.next();
            rest = characters.as_str();
        }
        rest.to_owned()
    } else {
        cut_text(line.text(), room + 1)
    };
    painter.row(
        area,
        0,
        &[
            piece(Role::Accent, format!("{mark} ")),
            piece(Role::Strong, text),
        ],
    );
    let column = u16::try_from(before.min(room) + 2).unwrap_or(u16::MAX);
    painter.cursor(area.x.saturating_add(column), area.y);
}

/// Columns for the names of those that are seen.
fn names(picker: &Picker, top: usize, height: usize) -> usize {
    let width = |item: &Item| item.label.width() + gap(item) + item.argument.width();
    let seen = picker.rows().skip(top).take(height);
    let widest = seen.filter_map(|(item, _)| item.map(width)).max();
    widest.unwrap_or(0).min(34)
}

fn gap(item: &Item) -> usize {
    usize::from(!item.argument.is_empty())
}

fn row(item: &Item, hit: &Hit, names: usize, width: usize) -> Row {
    let mut left = marked(item, hit);
    if !item.argument.is_empty() {
        left.push(piece(Role::Ghost, format!(" {}", item.argument)));
    }
    let fill = names.saturating_sub(row_width(&left)) + 2;
    left.push(piece(Role::Text, " ".repeat(fill)));
    left.push(piece(Role::Dim, item.detail.as_str()));
    let mut right = Row::new();
    if !item.kind.is_empty() && width >= 70 {
        right.push(piece(Role::Ghost, format!(" {}", item.kind)));
    }
    if !item.keys.is_empty() {
        right.push(piece(Role::Key, format!("  {}", item.keys)));
    }
    let room = width.saturating_sub(row_width(&right));
    let mut row = cut(left, room);
    row.push(piece(
        Role::Text,
        " ".repeat(room.saturating_sub(row_width(&row))),
    ));
    row.extend(right);
    row
}

/// The label, with what fits the text marked.
fn marked(item: &Item, hit: &Hit) -> Row {
    let mut row = Row::new();
    for (at, grapheme) in (0_u32..).zip(item.label.graphemes(true)) {
        let role = if hit.marks.binary_search(&at).is_ok() {
            Role::Accent
        } else {
            Role::Text
        };
        match row.last_mut() {
            Some(last) if last.role == role => last.text.push_str(grapheme),
            _ => row.push(piece(role, grapheme)),
        }
    }
    row
}
