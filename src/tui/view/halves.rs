//! Panes that have a list and, beside or below it, the details of what is chosen.

use ratatui::layout::Rect;

use super::paint::Painter;
use super::{document, lists};
use crate::tui::contents;
use crate::tui::document::piece;
use crate::tui::layout;
use crate::tui::state::{Pane, State};
use crate::tui::theme::Role;

pub fn paint(painter: &mut Painter, state: &State, area: Rect, pane: Pane) {
    let Some((total, chosen)) = state.list_of(pane) else {
        return;
    };
    let halves = layout::halves(area, total);
    let list = halves.list;
    let top = layout::list_top(Some(chosen), total, list.height);
    for offset in 0..list.height {
        let at = top + usize::from(offset);
        if at >= total {
            break;
        }
        let row = contents::row(pane, state, at, list.width);
        lists::line(
            painter,
            list,
            offset,
            row,
            at == chosen,
            state.focus == pane,
        );
    }
    painter.scroll_mark(list, top, total);
    if halves.rule.width == 1 && halves.rule.height > 1 {
        for offset in 0..halves.rule.height {
            painter.row(halves.rule, offset, &[piece(Role::Rule, "│")]);
        }
    } else {
        painter.rule(halves.rule, Vec::new(), Vec::new(), Role::Rule);
    }
    document(
        painter,
        state,
        layout::text(halves.detail),
        halves.detail,
        pane,
    );
}
