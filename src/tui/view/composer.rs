//! The composer at the bottom.

use ratatui::layout::Rect;

use super::paint::Painter;
use crate::tui::document::{Row, cut_text, piece};
use crate::tui::keymap::{Action, Context};
use crate::tui::layout::{body, composer_width};
use crate::tui::state::composer::EXAMPLE;
use crate::tui::state::{Link, Pane, Reading, State};
use crate::tui::theme::Role;

pub fn paint(painter: &mut Painter, state: &State, area: Rect) {
    let focused = state.focus == Pane::Composer;
    let text = if area.height > 1 {
        title(painter, state, area, focused);
        body(area)
    } else {
        area
    };
    let width = composer_width(area.width);
    let (row, column) = state.composer.cursor(width);
    let rows = state.composer.rows(width);
    let height = usize::from(text.height.max(1));
    let top = (row + 1).saturating_sub(height);
    let mark = if focused { Role::Accent } else { Role::Dim };
    painter.row(text, 0, &[piece(mark, "› ")]);
    let inner = Rect {
        x: text.x + 2.min(text.width),
        width: text.width.saturating_sub(2),
        ..text
    };
    if state.composer.line.is_empty() {
        painter.row(
            inner,
            0,
            &[piece(Role::Ghost, cut_text(EXAMPLE, inner.width.into()))],
        );
    }
    for (offset, range) in (0..text.height).zip(rows.into_iter().skip(top)) {
        let line = state.composer.line.text().get(range).unwrap_or_default();
        painter.row(inner, offset, &[piece(Role::Text, line)]);
    }
    if focused && state.overlay.is_none() && text.height > 0 {
        let x = inner
            .x
            .saturating_add(u16::try_from(column).unwrap_or(u16::MAX));
        let y = text
            .y
            .saturating_add(u16::try_from(row - top).unwrap_or(u16::MAX));
        painter.cursor(x, y);
    }
}

fn title(painter: &mut Painter, state: &State, area: Rect, focused: bool) {
    let (rule, name) = if focused {
        (Role::RuleFocused, Role::TitleFocused)
    } else {
        (Role::Rule, Role::Title)
    };
    let mut left: Row = vec![piece(rule, "─ ")];
    match &state.composer.reading {
        None => left.push(piece(name, "New mission")),
        Some(Reading::Asked(_)) => {
            let key = state.keymap.label(Context::Composer, Action::Submit);
            left.push(piece(
                name,
                format!("Being understood… {key} runs it unseen"),
            ));
        }
        Some(Reading::Understood { summary, .. }) => {
            left.push(piece(name, "Understood: "));
            let room = usize::from(area.width).saturating_sub(30);
            left.push(piece(Role::Strong, cut_text(summary, room)));
        }
    }
    left.push(piece(rule, " "));
    let lines = state.composer.rows(composer_width(area.width)).len();
    let mut right = Row::new();
    if lines > 1 {
        let (row, _) = state.composer.cursor(composer_width(area.width));
        right.push(piece(Role::Title, format!(" {}/{lines} ", row + 1)));
    }
    if let Link::Away { .. } = state.link {
        right.push(piece(Role::Warning, " kept until the kernel is back "));
    }
    painter.rule(area, left, right, rule);
}
