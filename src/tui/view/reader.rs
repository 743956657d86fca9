//! A text over the panes; bare, it is all that the screen has above the status row.

use ratatui::layout::Rect;

use super::frame;
use super::paint::Painter;
use crate::tui::document::{Row, piece};
use crate::tui::state::{Reader, State};
use crate::tui::theme::Role;
use crate::tui::update::reader_size;

pub fn paint(painter: &mut Painter, state: &State, reader: &Reader) {
    let (width, height) = reader_size(state);
    let document = reader.document(width);
    if reader.bare {
        let area = Rect::new(0, 0, width, height);
        painter.clear(area);
        return painter.document(area, &document, reader.top);
    }
    let area = Rect {
        x: (state.size.0.saturating_sub(width + 4)) / 2,
        y: 0,
        width: (width + 4).min(state.size.0),
        height: state.size.1.saturating_sub(1),
    };
    let right = match document
        .len()
        .saturating_sub(reader.top + usize::from(height))
    {
        0 => Row::new(),
        more => vec![piece(Role::Title, format!(" {more} more below "))],
    };
    let inner = frame::paint(painter, area, &reader.title, right);
    painter.document(inner, &document, reader.top);
}
