//! Paints the state: no decision here changes anything.
//!
//! Everything is clipped to the frame, which may be smaller than the state believes while the
//! terminal is being resized.

mod composer;
mod frame;
mod halves;
mod header;
mod help;
mod histogram;
mod keys;
mod list;
mod lists;
mod log;
mod paint;
mod question;
mod reader;
mod status;
mod strip;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::contents;
use super::document::{Row, piece};
use super::keymap::{Action, Context};
use super::layout::{self, Areas, areas, body, main_pane};
use super::state::{Overlay, Pane, State};
use super::theme::{Role, Theme};
use paint::Painter;

pub fn view(state: &State, theme: &Theme, frame: &mut Frame) {
    let areas = areas(state);
    let mut painter = Painter::new(frame, theme);
    painter.background();
    painter.row(areas.header, 0, &header::row(state, areas.header.width));
    strip::paint(&mut painter, state, areas.strip);
    painter.document(
        areas.banner,
        &contents::trouble::document(state, areas.banner.width),
        0,
    );
    panes(&mut painter, state, &areas);
    composer::paint(&mut painter, state, areas.composer);
    status::paint(&mut painter, state, areas.status);
    match &state.overlay {
        Some(Overlay::Help(view)) => help::paint(&mut painter, state, view),
        Some(Overlay::List(picker)) => list::paint(&mut painter, state, picker),
        Some(Overlay::Question(question)) => question::paint(&mut painter, state, question),
        Some(Overlay::Keys(inspector)) => keys::paint(&mut painter, state, inspector),
        Some(Overlay::Reader(reader)) => reader::paint(&mut painter, state, reader),
        Some(Overlay::Prompt { .. }) | None => {}
    }
}

fn panes(painter: &mut Painter, state: &State, areas: &Areas) {
    for row in 0..areas.divider.height {
        let y = areas.divider.y + row;
        let left = y == areas.objects.y && areas.objects.height > 0;
        let right = y == areas.log.y && areas.log.height > 0;
        let divider = match (left, right) {
            _ if row == 0 => "┬",
            (true, true) => "┼",
            (true, false) => "┤",
            (false, true) => "├",
            (false, false) => "│",
        };
        painter.row(areas.divider, row, &[piece(Role::Rule, divider)]);
    }
    let middle = main_pane(state);
    tabs(painter, state, areas.main, middle);
    contents_of(painter, state, body(areas.main), middle);
    for (pane, area) in [
        (Pane::Missions, areas.missions),
        (Pane::Objects, areas.objects),
        (Pane::Log, areas.log),
    ] {
        if area.height > 0 && pane != middle {
            title(painter, state, area, &[pane], pane);
            contents_of(painter, state, body(area), pane);
        }
    }
}

fn contents_of(painter: &mut Painter, state: &State, area: Rect, pane: Pane) {
    match pane {
        Pane::Missions => lists::missions(painter, state, area),
        Pane::Objects => lists::objects(painter, state, area),
        Pane::Log => log::paint(painter, state, area),
        _ if state.list_of(pane).is_some() => halves::paint(painter, state, area, pane),
        _ => document(painter, state, layout::text(area), area, pane),
    }
}

/// The pane's document in `inner`; how much of it is seen is marked at the edge of `area`.
fn document(painter: &mut Painter, state: &State, inner: Rect, area: Rect, pane: Pane) {
    let document = contents::of(pane, state, inner.width);
    let scroll = state.scroll_of(pane).unwrap_or(super::state::Scroll::START);
    // Nothing written yet: the welcome is read from its start.
    let scroll = if pane == Pane::Stream && state.stream.newest().is_none() && state.tour.is_none()
    {
        super::state::Scroll::START
    } else {
        scroll
    };
    let height = usize::from(area.height);
    let top = scroll.top(document.len(), height);
    painter.document(inner, &document, top);
    painter.scroll_mark(area, top, document.len());
}

/// The title row of the middle: the panes that can be there.
fn tabs(painter: &mut Painter, state: &State, area: Rect, middle: Pane) {
    if layout::is_wide(state) && middle != Pane::Log {
        title(
            painter,
            state,
            area,
            &[
                Pane::Stream,
                Pane::Mission,
                Pane::Object,
                Pane::Itself,
                Pane::Memory,
                Pane::Knowledge,
                Pane::System,
            ],
            middle,
        );
    } else {
        title(painter, state, area, &Pane::NUMBERED, middle);
    }
}

fn title(painter: &mut Painter, state: &State, area: Rect, panes: &[Pane], shown: Pane) {
    let focused = state.focus == shown;
    let rule = if focused {
        Role::RuleFocused
    } else {
        Role::Rule
    };
    let right = match shown {
        Pane::Log => log::badges(state),
        Pane::Missions => lists::mission_count(state),
        Pane::Objects => lists::object_order(state),
        Pane::Object => lists::what_of_object(state),
        Pane::Knowledge => lists::what_of_knowledge(state),
        Pane::Stream if !state.stream.scroll.follows() => {
            let key = state.keymap.label(Context::Stream, Action::Follow);
            vec![piece(Role::Badge, format!(" paused, {key} follows "))]
        }
        _ => Row::new(),
    };
    // Where the names do not fit, they stand closer; else the longest of the other panes keep only their numbers.
    let room = usize::from(area.width).saturating_sub(4 + super::document::row_width(&right));
    let mut named: Vec<Pane> = panes.to_vec();
    let tight = titles(panes, &named, 2) > room;
    while titles(panes, &named, 1) > room {
        let others = named.iter().filter(|pane| **pane != shown);
        let Some(longest) = others.max_by_key(|pane| pane.title().len()).copied() else {
            break;
        };
        named.retain(|pane| *pane != longest);
    }
    let mut row: Row = vec![piece(rule, "─ ")];
    for pane in panes {
        let number = Pane::NUMBERED
            .iter()
            .position(|one| one == pane)
            .map_or(0, |at| (at + 1) % 10);
        let name_role = match *pane == shown {
            true if focused => Role::TitleFocused,
            true => Role::Strong,
            false => Role::Title,
        };
        row.push(piece(Role::Key, number.to_string()));
        if named.contains(pane) {
            row.push(piece(name_role, format!(" {}", pane.title())));
        }
        row.push(piece(rule, " "));
        if !tight && panes.len() > 1 {
            row.push(piece(rule, " "));
        }
    }
    painter.rule(area, row, right, rule);
}

/// Columns of the panes' numbers, of the names of some, and of so many spaces after each.
fn titles(panes: &[Pane], named: &[Pane], spaces: usize) -> usize {
    let names: usize = named.iter().map(|pane| pane.title().len() + 1).sum();
    names + panes.len() * (1 + spaces)
}
