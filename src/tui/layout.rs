//! Where each part of the screen lies: one function of the state, used by `update` and by `view`.
//!
//! A wide screen has missions and objects at the left and, when it is high enough, metacognition below
//! the middle. A narrow one shows a single pane at a time under a row of tabs.

use ratatui::layout::Rect;

use super::contents;
use super::document::{Document, piece};
use super::state::{Pane, State};

const WIDE_COLUMNS: u16 = 100;
const WIDE_ROWS: u16 = 18;
const DOCK_ROWS: u16 = 30;

/// Every area may be empty; areas never overlap and never leave the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Areas {
    pub header: Rect,
    pub strip: Rect,
    /// What is wrong, with its remedy.
    pub banner: Rect,
    /// Title row and contents of each pane.
    pub missions: Rect,
    pub objects: Rect,
    pub divider: Rect,
    pub main: Rect,
    pub log: Rect,
    pub composer: Rect,
    pub status: Rect,
}

impl Areas {
    /// Title row and contents of a pane, empty when it is not on the screen.
    pub fn of(&self, pane: Pane, state: &State) -> Rect {
        match pane {
            Pane::Composer => self.composer,
            _ if pane == main_pane(state) => self.main,
            Pane::Missions => self.missions,
            Pane::Objects => self.objects,
            Pane::Log => self.log,
            _ => Rect::ZERO,
        }
    }

    /// The contents of a pane without its title row.
    pub fn body(&self, pane: Pane, state: &State) -> Rect {
        body(self.of(pane, state))
    }
}

/// An area without its first row.
pub fn body(area: Rect) -> Rect {
    let title = area.height.min(1);
    Rect {
        y: area.y + title,
        height: area.height - title,
        ..area
    }
}

/// The part of a body that a document is written in: a column at each side stays free.
pub fn text(body: Rect) -> Rect {
    let left = body.width.min(1);
    Rect {
        x: body.x + left,
        width: body.width.saturating_sub(2),
        ..body
    }
}

/// A list with the details of what is chosen in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Halves {
    pub list: Rect,
    /// A column or a row between them.
    pub rule: Rect,
    pub detail: Rect,
}

/// The list beside its details where there is room, else above them.
pub fn halves(body: Rect, rows: usize) -> Halves {
    const BESIDE_COLUMNS: u16 = 90;
    let mut rest = body;
    if body.width >= BESIDE_COLUMNS {
        let list = take_left(&mut rest, (body.width * 2 / 5).min(64));
        let rule = take_left(&mut rest, 1);
        return Halves {
            list,
            rule,
            detail: rest,
        };
    }
    let wanted = u16::try_from(rows.max(1)).unwrap_or(u16::MAX);
    let list = take_top(&mut rest, wanted.min((body.height * 2 / 5).max(1)));
    let rule = take_top(&mut rest, 1);
    Halves {
        list,
        rule,
        detail: rest,
    }
}

/// Where the document of a pane is written: of one that has a list, beside or below that.
pub fn reading(state: &State, pane: Pane) -> Rect {
    let body = areas(state).body(pane, state);
    match state.list_of(pane) {
        Some((rows, _)) => text(halves(body, rows).detail),
        None => text(body),
    }
}

pub fn is_wide(state: &State) -> bool {
    state.size.0 >= WIDE_COLUMNS && state.size.1 >= WIDE_ROWS && !state.zoom
}

fn has_dock(state: &State) -> bool {
    is_wide(state) && state.size.1 >= DOCK_ROWS
}

/// The pane in the middle.
pub fn main_pane(state: &State) -> Pane {
    match state.last_pane {
        pane if !is_wide(state) => pane,
        Pane::Log if !has_dock(state) => Pane::Log,
        _ => state.content,
    }
}

pub fn areas(state: &State) -> Areas {
    let (width, height) = state.size;
    let mut rest = Rect::new(0, 0, width, height);
    let mut areas = Areas {
        status: take_bottom(&mut rest, status_rows(state)),
        ..Areas::default()
    };
    // On a very low screen the composer comes first, then the header.
    let header = u16::from(height >= 5);
    let strip = u16::from(height >= 8);
    let typed = state.composer.rows(composer_width(width)).len();
    let most = (height / 4).clamp(1, 10);
    let wanted = u16::try_from(typed).unwrap_or(most).clamp(1, most);
    areas.composer = take_bottom(&mut rest, wanted + u16::from(height >= 4));
    areas.header = take_top(&mut rest, header);
    areas.strip = take_top(&mut rest, strip);
    if height >= 12 {
        let rows = contents::trouble::document(state, width).len();
        areas.banner = take_top(&mut rest, u16::try_from(rows).unwrap_or(0).min(height / 5));
    }
    if is_wide(state) {
        let mut side = take_left(&mut rest, (width * 3 / 11).clamp(28, 44));
        areas.divider = take_left(&mut rest, 1);
        let half = (side.height * 11 / 20).max(1);
        areas.missions = take_top(&mut side, half);
        areas.objects = side;
    }
    if has_dock(state) {
        let rows = (rest.height * 3 / 10).max(6);
        areas.log = take_bottom(&mut rest, rows);
    }
    areas.main = rest;
    areas
}

/// One row, or up to three for a notice that needs them: what went wrong should be readable.
fn status_rows(state: &State) -> u16 {
    let (width, height) = state.size;
    match &state.notice {
        Some(notice) if state.overlay.is_none() && height >= 12 => {
            let mut document = Document::new(width.saturating_sub(1));
            document.wrapped(&[piece(notice.role, notice.text.as_str())], 0);
            u16::try_from(document.len()).unwrap_or(3).clamp(1, 3)
        }
        _ => 1,
    }
}

/// Columns for the composer's text, beside its mark.
pub fn composer_width(width: u16) -> u16 {
    width.saturating_sub(3).max(2)
}

/// The first row shown of a list, such that the chosen one is among them with some of its surroundings.
pub fn list_top(selected: Option<usize>, total: usize, height: u16) -> usize {
    let height = usize::from(height);
    let middle = selected.unwrap_or(0).saturating_sub(height / 2);
    middle.min(total.saturating_sub(height))
}

fn take_top(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    let area = Rect {
        height: rows,
        ..*rest
    };
    rest.y += rows;
    rest.height -= rows;
    area
}

fn take_bottom(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    rest.height -= rows;
    Rect {
        y: rest.y + rest.height,
        height: rows,
        ..*rest
    }
}

fn take_left(rest: &mut Rect, columns: u16) -> Rect {
    let columns = columns.min(rest.width);
    let area = Rect {
        width: columns,
        ..*rest
    };
    rest.x += columns;
    rest.width -= columns;
    area
}
