//! Finding things by a few letters, going there, and going back.

use super::{Effect, ask, set_focus, visit};
use crate::tui::contents;
use crate::tui::state::picker::{Item, Purpose, Target};
use crate::tui::state::places::Place;
use crate::tui::state::{Asked, Link, Overlay, Pane, Picker, Reader, State};
use crate::tui::theme::Role;
use crate::wire::knowledge::{DocumentView, KnowledgeReply, KnowledgeRequest};
use crate::wire::messages::Request;

/// Opens the list of everything that can be gone to; what the system knows joins when the kernel has told it.
pub(super) fn open(state: &mut State, effects: &mut Vec<Effect>) {
    let mut items = Vec::new();
    for object in state.objects.all() {
        items.push(item(
            object.name.clone(),
            "object",
            object.methods.join(" "),
            Target::Object(object.name.clone()),
        ));
        items.extend(object.methods.iter().map(|selector| {
            let target = Target::Method {
                object: object.name.clone(),
                selector: selector.clone(),
            };
            let label = format!("{}.{selector}", object.name);
            item(label, "method", String::new(), target)
        }));
    }
    items.extend(state.missions.list().iter().map(|mission| {
        let label = format!("#{} {}", mission.id, contents::subject(mission));
        let detail = mission.brief.lines().next().unwrap_or_default().to_owned();
        item(label, "mission", detail, Target::Mission(mission.id))
    }));
    state.overlay = Some(Overlay::List(Picker::new(Purpose::Find, items)));
    if state.link == Link::Up {
        let request = Request::Knowledge(KnowledgeRequest::List);
        ask(state, Asked::KnowledgeList, request, effects);
    }
}

fn item(label: String, kind: &str, detail: String, target: Target) -> Item {
    Item {
        label,
        argument: "",
        kind: kind.to_owned(),
        detail,
        keys: String::new(),
        target,
    }
}

/// What the kernel told of its knowledge.
pub(super) fn knowledge(state: &mut State, reply: KnowledgeReply) {
    match reply {
        KnowledgeReply::Documents(documents) => add(state, documents),
        KnowledgeReply::Text { name, text } if state.overlay.is_none() => {
            state.overlay = Some(Overlay::Reader(Reader::new(name, &text, false)));
        }
        _ => {}
    }
}

fn add(state: &mut State, documents: Vec<DocumentView>) {
    let Some(Overlay::List(picker)) = &mut state.overlay else {
        return;
    };
    if picker.purpose != Purpose::Find {
        return;
    }
    let one = |view: DocumentView| {
        let target = Target::Knowledge(view.name.clone());
        item(view.name, &view.kind, view.start, target)
    };
    picker.add_items(documents.into_iter().map(one).collect());
}

/// Goes to what was found.
pub(super) fn go(state: &mut State, target: Target, effects: &mut Vec<Effect>) {
    match target {
        Target::Object(name) => {
            leave(state);
            state.objects.select(&name);
            visit(state, Pane::Object, effects);
        }
        Target::Method { object, selector } => {
            leave(state);
            state.objects.select(&object);
            state.objects.goal = Some(selector);
            visit(state, Pane::Object, effects);
        }
        Target::Mission(id) => {
            leave(state);
            state.missions.select(id);
            visit(state, Pane::Mission, effects);
        }
        Target::Knowledge(name) if state.link == Link::Up => {
            let request = Request::Knowledge(KnowledgeRequest::Show { name });
            ask(state, Asked::KnowledgeText, request, effects);
        }
        Target::Knowledge(_) => {
            state.notify(Role::Warning, "the kernel is away: it has the text");
        }
        Target::EditMethod(selector) => super::by_hand::named(state, &selector, effects),
        Target::Action { .. } | Target::Theme(_) => {}
    }
}

/// Remembers where one is, before a jump.
pub(super) fn leave(state: &mut State) {
    let here = here(state);
    state.places.leave(here);
}

fn here(state: &State) -> Place {
    Place {
        pane: state.focus,
        mission: state.missions.selected().map(|mission| mission.id),
        object: state.objects.selected().map(str::to_owned),
    }
}

pub(super) fn back(state: &mut State, effects: &mut Vec<Effect>) {
    let here = here(state);
    let place = state.places.back(here);
    arrive(state, place, "there is no place to go back to", effects);
}

pub(super) fn forward(state: &mut State, effects: &mut Vec<Effect>) {
    let here = here(state);
    let place = state.places.forward(here);
    arrive(state, place, "there is no place to go forward to", effects);
}

fn arrive(state: &mut State, place: Option<Place>, none: &str, effects: &mut Vec<Effect>) {
    let Some(place) = place else {
        return state.notify(Role::Dim, none);
    };
    if let Some(id) = place.mission.filter(|id| state.missions.get(*id).is_some()) {
        state.missions.select(id);
    }
    if let Some(name) = place.object {
        state.objects.select(&name);
    }
    match place.pane {
        Pane::Composer => set_focus(state, Pane::Composer),
        pane => visit(state, pane, effects),
    }
}
