//! The knowledge view: what is listed, searched, looked into, added and forgotten.

use super::{Effect, ask, extent, find, panes};
use crate::tui::contents;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::state::knowledge::Known;
use crate::tui::state::picker::Target;
use crate::tui::state::{Asked, Line, Link, Overlay, Pane, Purpose, Scroll, State};
use crate::tui::theme::Role;
use crate::wire::knowledge::{AddedChange, KnowledgeReply, KnowledgeRequest};
use crate::wire::messages::Request;

/// The most that a search shows.
const MOST_HITS: u32 = 50;

/// Asks for all that is known; what was searched for is looked for again.
pub(super) fn refresh(state: &mut State, effects: &mut Vec<Effect>) {
    if state.link != Link::Up {
        return;
    }
    let list = Request::Knowledge(KnowledgeRequest::List);
    ask(state, Asked::Knowledge, list, effects);
    if !state.knowledge.search.is_empty() {
        let query = state.knowledge.search.clone();
        search(state, &query, effects);
    }
}

pub(super) fn search(state: &mut State, query: &str, effects: &mut Vec<Effect>) {
    query.trim().clone_into(&mut state.knowledge.search);
    if query.trim().is_empty() {
        state.knowledge.drop_search();
        return look(state, effects);
    }
    if state.link != Link::Up {
        return state.notify(Role::Warning, "the kernel is away: it does the searching");
    }
    let request = Request::Knowledge(KnowledgeRequest::Search {
        query: state.knowledge.search.clone(),
        limit: MOST_HITS,
    });
    ask(state, Asked::Knowledge, request, effects);
}

/// What the kernel told.
pub(super) fn take(state: &mut State, reply: KnowledgeReply, effects: &mut Vec<Effect>) {
    match reply {
        KnowledgeReply::Documents(documents) => {
            state.knowledge.take(documents);
            look(state, effects);
        }
        KnowledgeReply::Found(found) => {
            if let Some(note) = &found.note {
                state.notify(Role::Dim, note.clone());
            }
            state.knowledge.take_found(found);
            look(state, effects);
        }
        KnowledgeReply::Looked(looked) => {
            state.knowledge.looked = Some(looked);
            arrive(state);
            look(state, effects);
        }
        KnowledgeReply::Added {
            document, change, ..
        } => {
            let change = match change {
                AddedChange::Added => "added",
                AddedChange::Replaced => "replaced",
                AddedChange::Unchanged => "already known, unchanged",
            };
            let parts = contents::count(document.chunks.into(), "part");
            let text = format!("{change}: {} in {parts}", document.name);
            state.notify(Role::Good, text);
            add_next(state, effects);
            refresh(state, effects);
        }
        KnowledgeReply::Removed { name, tid } => {
            state.knowledge.forgotten = Some(tid);
            let key = state
                .keymap
                .label(crate::tui::keymap::Context::Knowledge, Action::Undo);
            state.notify(
                Role::Good,
                format!("forgotten: {name}; {key} takes that back"),
            );
            refresh(state, effects);
        }
        KnowledgeReply::Text { .. } => {}
    }
}

/// Asks for the parts of the chosen one, unless they are here or something is asked already.
fn look(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(chosen) = state.knowledge.chosen() else {
        return;
    };
    if let Known::Hit(hit) = chosen {
        state.knowledge.goal = Some(hit.line).filter(|line| *line > 0);
    }
    if state.knowledge.chosen_looked().is_some() {
        return arrive(state);
    }
    let waits = state.asked.values().any(|asked| *asked == Asked::Look);
    let chosen = state.knowledge.chosen().filter(|one| one.is_kept());
    let Some(name) = chosen.map(|one| one.name().to_owned()) else {
        return;
    };
    if waits || state.link != Link::Up {
        return;
    }
    let request = Request::Knowledge(KnowledgeRequest::Look { name });
    ask(state, Asked::Look, request, effects);
}

/// Scrolls to the part that was found.
fn arrive(state: &mut State) {
    if state.knowledge.chosen_looked().is_none() {
        return;
    }
    let Some(line) = state.knowledge.goal.take() else {
        return;
    };
    let area = layout::reading(state, Pane::Knowledge);
    let places = contents::knowledge::places(state, area.width);
    if let Some((_, row)) = places.iter().find(|(begin, _)| *begin == line) {
        state.knowledge.scroll = Scroll::at(*row);
    }
}

/// Chooses what is in that row.
pub(super) fn choose(state: &mut State, row: usize, effects: &mut Vec<Effect>) {
    if state.knowledge.choose(row) {
        look(state, effects);
    }
}

/// Keys in the view.
pub(super) fn press(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    let moved = match action {
        Action::Up => state.knowledge.move_by(-1),
        Action::Down => state.knowledge.move_by(1),
        Action::Top => state.knowledge.choose(0),
        Action::Bottom => state.knowledge.choose(usize::MAX),
        Action::PageUp | Action::PageDown => {
            let page = panes::page(state, Pane::Knowledge);
            let by = if action == Action::PageUp {
                -page
            } else {
                page
            };
            let (total, height) = extent(state, Pane::Knowledge);
            let scroll = &mut state.knowledge.scroll;
            scroll.move_by(by, total, height, false);
            false
        }
        Action::PreviousPart => step_part(state, -1),
        Action::NextPart => step_part(state, 1),
        Action::SearchKnowledge => {
            let line = Line::new(state.knowledge.search.as_str());
            let purpose = Purpose::SearchKnowledge;
            state.overlay = Some(Overlay::Prompt { purpose, line });
            false
        }
        Action::AddDocument => {
            let line = Line::default();
            let purpose = Purpose::AddDocument;
            state.overlay = Some(Overlay::Prompt { purpose, line });
            false
        }
        Action::Forget => {
            forget(state, effects);
            false
        }
        Action::Open => {
            open(state, effects);
            false
        }
        Action::UsedBy => {
            used_by(state, effects);
            false
        }
        _ => false,
    };
    if moved {
        look(state, effects);
    }
}

/// Scrolls to the next part, or the one before.
fn step_part(state: &mut State, by: isize) -> bool {
    let area = layout::reading(state, Pane::Knowledge);
    let places = contents::knowledge::places(state, area.width);
    let (total, height) = extent(state, Pane::Knowledge);
    let top = state.knowledge.scroll.top(total, height);
    let row = if by < 0 {
        places.iter().rev().find(|(_, row)| *row < top)
    } else {
        places.iter().find(|(_, row)| *row > top)
    };
    match row {
        Some((_, row)) => state.knowledge.scroll = Scroll::at(*row),
        None if by < 0 => state.knowledge.scroll = Scroll::START,
        None => {}
    }
    false
}

/// The whole text of a document, or the method itself.
fn open(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(chosen) = state.knowledge.chosen() else {
        return;
    };
    if chosen.is_kept() {
        let name = chosen.name().to_owned();
        return find::go(state, Target::Knowledge(name), effects);
    }
    let method = chosen.name().split_once('.');
    let target = method.map(|(object, selector)| Target::Method {
        object: object.to_owned(),
        selector: selector.to_owned(),
    });
    match target {
        Some(target) if chosen.kind() == "method" => find::go(state, target, effects),
        _ => state.notify(Role::Dim, "there is no more of it than this"),
    }
}

/// Goes to the newest mission that used it.
fn used_by(state: &mut State, effects: &mut Vec<Effect>) {
    let uses = state.knowledge.chosen_looked().map(|looked| &looked.uses);
    let mut missions = uses.into_iter().flatten().map(|one| one.mission);
    match missions.find(|id| state.missions.get(*id).is_some()) {
        Some(id) => find::go(state, Target::Mission(id), effects),
        None => state.notify(Role::Dim, "no mission in the list has used it"),
    }
}

/// At once: an undo brings it back.
fn forget(state: &mut State, effects: &mut Vec<Effect>) {
    let chosen = state.knowledge.chosen().filter(|one| one.is_kept());
    let Some(name) = chosen.map(|one| one.name().to_owned()) else {
        return state.notify(Role::Dim, "only documents and facts can be forgotten");
    };
    if state.link != Link::Up {
        return state.notify(Role::Warning, "the kernel is away: nothing was forgotten");
    }
    let request = Request::Knowledge(KnowledgeRequest::Remove { name });
    ask(state, Asked::Knowledge, request, effects);
}

/// Has the file read, or those of a folder; what comes of it is sent on.
pub(super) fn add(state: &mut State, path: &str, effects: &mut Vec<Effect>) {
    if state.read_only {
        return super::only_looks_on(state);
    }
    if state.link != Link::Up {
        return state.notify(Role::Warning, "the kernel is away: nothing was added");
    }
    if path.is_empty() {
        return;
    }
    state.notify(Role::Dim, format!("reading {path}"));
    effects.push(Effect::ReadDocuments(path.to_owned()));
}

/// A file was read: its text goes to the kernel.
pub(super) fn read(
    state: &mut State,
    read: Result<KnowledgeRequest, String>,
    effects: &mut Vec<Effect>,
) {
    match read {
        Ok(request) => {
            state.knowledge.to_add.push_back(request);
            add_next(state, effects);
        }
        Err(trouble) => state.notify(Role::Bad, crate::tui::clean::line(&trouble)),
    }
}

/// One could not be kept: the others may.
pub(super) fn go_on(state: &mut State, effects: &mut Vec<Effect>) {
    add_next(state, effects);
}

/// One after another, so that a large folder does not crowd out what else is asked.
fn add_next(state: &mut State, effects: &mut Vec<Effect>) {
    if state.asked.values().any(|asked| *asked == Asked::Adding) {
        return;
    }
    if let Some(request) = state.knowledge.to_add.pop_front() {
        ask(state, Asked::Adding, Request::Knowledge(request), effects);
    }
}

/// The transaction that an undo is meant for where one looks at knowledge: that which forgot something.
pub(super) fn forgotten(state: &State) -> Option<u64> {
    let here = state.focus == Pane::Knowledge;
    state.knowledge.forgotten.filter(|_| here)
}
