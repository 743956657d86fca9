//! The help that lies over the panes.

use ratatui::layout::Rect;

use super::paint::Painter;
use crate::tui::contents;
use crate::tui::document::{Row, piece};
use crate::tui::state::{HelpView, State};
use crate::tui::theme::Role;
use crate::tui::update::{contexts_of_focus, help_size};

pub fn paint(painter: &mut Painter, state: &State, view: &HelpView) {
    let (columns, rows) = state.size;
    let (width, height) = help_size(state);
    let top = view.top;
    let document = contents::help::document(
        width,
        &state.keymap,
        view.search.text(),
        contexts_of_focus(state),
    );
    let area = Rect {
        x: (columns.saturating_sub(width + 4)) / 2,
        y: 0,
        width: (width + 4).min(columns),
        height: rows.saturating_sub(1),
    };
    painter.clear(area);
    let more = document.len().saturating_sub(top + usize::from(height));
    let mut left: Row = vec![
        piece(Role::RuleFocused, "─ "),
        piece(Role::TitleFocused, "Help"),
        piece(Role::RuleFocused, " "),
    ];
    if view.typing || !view.search.is_empty() {
        left.push(piece(Role::Accent, format!("/{} ", view.search.text())));
    }
    let right = match more {
        0 => Row::new(),
        more => vec![piece(Role::Title, format!(" {more} more below "))],
    };
    painter.rule(area, left, right, Role::RuleFocused);
    let text = Rect {
        x: area.x + 2.min(area.width),
        y: area.y + 1,
        width,
        height,
    };
    painter.document(text, &document, top);
    let foot = Rect {
        y: area.bottom().saturating_sub(1),
        height: area.height.min(1),
        ..area
    };
    if area.height > 2 {
        painter.rule(foot, Row::new(), Row::new(), Role::RuleFocused);
    }
}
