//! The two lists at the left: missions, and objects in the order that the person wants.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::paint::Painter;
use crate::tui::contents;
use crate::tui::document::{Row, cut, cut_text, piece, row_width};
use crate::tui::layout::list_top;
use crate::tui::state::objects::{Entry, Order, What};
use crate::tui::state::{Pane, State};
use crate::tui::theme::Role;
use crate::wire::messages::{MissionState, MissionSummary, ObjectSummary};
use crate::wire::plan::Pause;

pub fn mission_count(state: &State) -> Row {
    match state.missions.list().len() {
        0 => Row::new(),
        count => vec![piece(Role::Title, format!(" {count} "))],
    }
}

pub fn missions(painter: &mut Painter, state: &State, area: Rect) {
    let list = state.missions.list();
    if list.is_empty() {
        return painter.row(area, 0, &[piece(Role::Dim, " none yet")]);
    }
    let selected = state.missions.selected_row();
    let top = list_top(selected, list.len(), area.height);
    for (offset, (at, mission)) in (0..area.height).zip(list.iter().enumerate().skip(top)) {
        let row = mission_row(state, mission, usize::from(area.width));
        line(
            painter,
            area,
            offset,
            row,
            selected == Some(at),
            state.focus == Pane::Missions,
        );
    }
    painter.scroll_mark(area, top, list.len());
}

fn mission_row(state: &State, mission: &MissionSummary, width: usize) -> Row {
    let under_way = state
        .mission_under_way()
        .is_some_and(|one| one.id == mission.id);
    let (mark, role) = match mission.state {
        MissionState::Complete => ("✓", Role::Good),
        MissionState::Failed => ("✗", Role::Bad),
        _ if under_way => ("▸", Role::Warning),
        _ => ("·", Role::Dim),
    };
    let right = if mission.pause == Pause::Yes && !mission.state.has_ended() {
        "paused".to_owned()
    } else if under_way {
        contents::since(state.now_ms, mission.state_since_ms)
    } else if mission.state == MissionState::Idle {
        "waits".to_owned()
    } else if width >= 60 {
        // There is room for how it ended.
        cut_text(
            mission.outcome.lines().next().unwrap_or_default(),
            width / 2,
        )
    } else {
        String::new()
    };
    let right_width = right.width();
    let left = vec![
        piece(role, format!(" {mark} ")),
        piece(Role::Accent, format!("{} ", mission.id)),
        piece(
            if mission.state.has_ended() {
                Role::Text
            } else {
                Role::Strong
            },
            contents::subject(mission),
        ),
    ];
    let taken = if right.is_empty() { 1 } else { right_width + 3 };
    let mut row = cut(left, width.saturating_sub(taken));
    let gap = width.saturating_sub(row_width(&row) + right_width + 2);
    row.push(piece(Role::Text, " ".repeat(gap)));
    row.push(piece(Role::Dim, right));
    row
}

pub fn objects(painter: &mut Painter, state: &State, area: Rect) {
    if state.objects.is_empty() {
        return painter.row(area, 0, &[piece(Role::Dim, " the image is empty")]);
    }
    let selected = state.objects.selected_row();
    let rows = state.objects.rows();
    let top = list_top(selected, rows.len(), area.height);
    for (offset, (at, entry)) in (0..area.height).zip(rows.iter().enumerate().skip(top)) {
        let row = object_row(state, entry, usize::from(area.width));
        line(
            painter,
            area,
            offset,
            row,
            selected == Some(at),
            state.focus == Pane::Objects,
        );
    }
    painter.scroll_mark(area, top, rows.len());
}

fn object_row(state: &State, entry: &Entry, width: usize) -> Row {
    let branch = match entry.depth {
        0 => String::new(),
        depth => format!("{}└ ", "  ".repeat(depth.min(8) - 1)),
    };
    let mut row = vec![piece(Role::Rule, format!(" {branch}"))];
    match (entry.what, state.objects.of(entry)) {
        (What::Mission(Some(id)), _) => {
            row.push(piece(Role::Accent, format!("#{id} ")));
            let brief = state.missions.get(id).map(|one| one.brief.as_str());
            let first = brief.and_then(|brief| brief.lines().next());
            row.push(piece(Role::Dim, first.unwrap_or_default()));
        }
        (What::Mission(None), _) => row.push(piece(Role::Dim, "written by no mission")),
        (_, None) => {}
        (What::Method { .. }, Some(object)) => {
            row.push(piece(Role::Text, format!("{}.", object.name)));
            let selector = state.objects.method_of(entry).unwrap_or_default();
            row.push(piece(Role::CodeFunction, selector));
        }
        (What::Object(_), Some(object)) => {
            row.push(piece(Role::Text, object.name.as_str()));
            what_it_has(&mut row, object);
        }
    }
    cut(row, width.saturating_sub(1))
}

fn what_it_has(row: &mut Row, object: &ObjectSummary) {
    if !object.methods.is_empty() {
        let methods = format!("  {}", object.methods.join(" "));
        row.push(piece(Role::CodeFunction, methods));
    } else if object.slots > 0 {
        let slots = contents::count(object.slots.into(), "slot");
        row.push(piece(Role::Dim, format!("  {slots}")));
    }
}

/// How the objects are ordered, at the right of their title.
pub fn object_order(state: &State) -> Row {
    match state.objects.order() {
        Order::Prototype => Row::new(),
        order => vec![piece(Role::Title, format!(" by {} ", order.word()))],
    }
}

/// Whose past is shown, at the right of the title.
pub fn what_of_object(state: &State) -> Row {
    let Some(past) = &state.objects.past else {
        return Row::new();
    };
    let method = past.method.as_ref().map(|name| format!(".{name}"));
    let method = method.unwrap_or_default();
    vec![piece(
        Role::Badge,
        format!(" past of {}{method} ", past.object),
    )]
}

/// What was searched for in what is known, at the right of the title.
pub fn what_of_knowledge(state: &State) -> Row {
    let knowledge = &state.knowledge;
    if knowledge.search.is_empty() {
        return Row::new();
    }
    let found = match &knowledge.found {
        Some(found) => contents::count(found.hits.len() as u64, "hit"),
        None => "searching".to_owned(),
    };
    let words = cut_text(&knowledge.search, 24);
    vec![piece(Role::Badge, format!(" \"{words}\": {found} "))]
}

pub(super) fn line(
    painter: &mut Painter,
    area: Rect,
    offset: u16,
    row: Row,
    selected: bool,
    focused: bool,
) {
    match (selected, focused) {
        (true, true) => painter.bar(area, offset, row, Role::Selected),
        (true, false) => painter.bar(area, offset, row, Role::SelectedIdle),
        (false, _) => painter.row(area, offset, &row),
    }
}
