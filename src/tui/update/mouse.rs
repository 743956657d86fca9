//! The mouse, where the settings have it: the wheel scrolls what it is over, a click chooses.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::{Effect, knowledge, past, perform, set_focus, visit};
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::state::{Pane, State};

/// Rows that the wheel moves.
const WHEEL: usize = 3;

pub(super) fn happened(state: &mut State, event: MouseEvent, effects: &mut Vec<Effect>) {
    if state.overlay.is_some() {
        let action = match event.kind {
            MouseEventKind::ScrollUp => Action::Up,
            MouseEventKind::ScrollDown => Action::Down,
            _ => return,
        };
        return perform(state, Some(action), no_key(), effects);
    }
    let Some(pane) = pane_at(state, event.column, event.row) else {
        return;
    };
    match event.kind {
        MouseEventKind::ScrollUp => wheel(state, pane, Action::Up, effects),
        MouseEventKind::ScrollDown => wheel(state, pane, Action::Down, effects),
        MouseEventKind::Down(MouseButton::Left) => {
            state.notice = None;
            click(state, pane, (event.column, event.row), effects);
        }
        _ => {}
    }
}

fn no_key() -> KeyEvent {
    KeyEvent::new(KeyCode::Null, KeyModifiers::NONE)
}

fn pane_at(state: &State, column: u16, row: u16) -> Option<Pane> {
    let areas = layout::areas(state);
    let at = Position { x: column, y: row };
    let panes = Pane::NUMBERED.iter().chain([&Pane::Composer]);
    panes
        .copied()
        .find(|pane| areas.of(*pane, state).contains(at))
}

/// Moves the pane and leaves the focus where it is.
fn wheel(state: &mut State, pane: Pane, action: Action, effects: &mut Vec<Effect>) {
    let (focus, last) = (state.focus, state.last_pane);
    if pane == Pane::Composer {
        return;
    }
    state.focus = pane;
    for _ in 0..WHEEL {
        perform(state, Some(action), no_key(), effects);
    }
    (state.focus, state.last_pane) = (focus, last);
}

fn click(state: &mut State, pane: Pane, (column, row): (u16, u16), effects: &mut Vec<Effect>) {
    let body = layout::areas(state).body(pane, state);
    let offset = usize::from(row.saturating_sub(body.y));
    let in_body = row >= body.y;
    match pane {
        Pane::Missions if in_body => {
            let chosen = state.missions.selected_row();
            let top = layout::list_top(chosen, state.missions.list().len(), body.height);
            let id = state.missions.list().get(top + offset).map(|one| one.id);
            set_focus(state, Pane::Missions);
            if let Some(id) = id {
                state.missions.select(id);
                perform(state, Some(Action::Open), no_key(), effects);
            }
        }
        Pane::Objects if in_body => {
            let chosen = state.objects.selected_row();
            let top = layout::list_top(chosen, state.objects.len(), body.height);
            set_focus(state, Pane::Objects);
            let line = state.objects.rows().get(top + offset);
            if line.is_some_and(|line| state.objects.of(line).is_some()) {
                state.objects.select_row(top + offset);
                perform(state, Some(Action::Open), no_key(), effects);
            }
        }
        pane => {
            let chosen = row_of_list(state, pane, (column, row));
            if state.focus != pane {
                visit(state, pane, effects);
            }
            match (pane, chosen) {
                (Pane::Object, Some(row)) => past::choose(state, row, effects),
                (Pane::Knowledge, Some(row)) => knowledge::choose(state, row, effects),
                _ => {}
            }
        }
    }
}

/// The row of the list within a pane that is there, where the pane has one.
fn row_of_list(state: &State, pane: Pane, (x, y): (u16, u16)) -> Option<usize> {
    let (total, chosen) = state.list_of(pane)?;
    let body = layout::areas(state).body(pane, state);
    let list = layout::halves(body, total).list;
    if !list.contains(Position { x, y }) {
        return None;
    }
    let top = layout::list_top(Some(chosen), total, list.height);
    let row = top + usize::from(y - list.y);
    (row < total).then_some(row)
}
