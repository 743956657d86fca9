//! Texts in the person's own editor: the brief that is being written, and methods, which are judged like any.

use serde_json::json;

use super::{Effect, ask, set_focus};
use crate::tui::clean;
use crate::tui::state::picker::{Item, Purpose, Target};
use crate::tui::state::{Asked, Editing, Link, Overlay, Pane, Picker, State};
use crate::tui::theme::Role;
use crate::wire::messages::{MissionInput, Request};

pub(super) fn brief(state: &State, effects: &mut Vec<Effect>) {
    effects.push(Effect::Edit {
        what: Editing::Brief,
        text: state.composer.line.text().to_owned(),
    });
}

/// The chosen object's method; of several, one is chosen from a list first.
pub(super) fn method(state: &mut State, effects: &mut Vec<Effect>) {
    if state.focus == Pane::Mission {
        return of_mission(state, effects);
    }
    let Some(detail) = state.objects.selected_detail() else {
        return state.notify(Role::Dim, "open the object first: Enter");
    };
    let own = detail
        .view
        .methods
        .iter()
        .filter(|one| one.inherited_from.is_none());
    let items: Vec<Item> = own
        .map(|one| Item {
            label: one.selector.clone(),
            argument: "",
            kind: "method".to_owned(),
            detail: one.signature.clone(),
            keys: String::new(),
            target: Target::EditMethod(one.selector.clone()),
        })
        .collect();
    match items.as_slice() {
        [] => state.notify(Role::Dim, "the object has no method of its own to edit"),
        [one] => {
            let selector = one.label.clone();
            named(state, &selector, effects);
        }
        _ => state.overlay = Some(Overlay::List(Picker::new(Purpose::Methods, items))),
    }
}

/// That method of the chosen object.
pub(super) fn named(state: &State, selector: &str, effects: &mut Vec<Effect>) {
    let Some(detail) = state.objects.selected_detail() else {
        return;
    };
    let method = detail
        .view
        .methods
        .iter()
        .find(|one| one.selector == selector);
    if let Some(method) = method {
        effects.push(Effect::Edit {
            what: Editing::Method {
                object: detail.view.name.clone(),
                selector: selector.to_owned(),
            },
            text: method.source.clone(),
        });
    }
}

/// The source that is in view of the chosen mission: a refused one is mended by hand.
fn of_mission(state: &mut State, effects: &mut Vec<Effect>) {
    let shown = state.missions.shown().map(|(_, judged)| judged.code.text());
    let kept = state
        .missions
        .selected_detail()
        .and_then(|detail| detail.report.source.clone());
    let names = state.missions.selected().and_then(|one| {
        let (object, selector) = (one.object.clone()?, one.selector.clone()?);
        Some((object, selector))
    });
    let (Some(text), Some((object, selector))) = (shown.or(kept), names) else {
        return state.notify(Role::Dim, "the mission has no source to edit");
    };
    effects.push(Effect::Edit {
        what: Editing::Method { object, selector },
        text,
    });
}

/// What came back from the editor.
pub(super) fn edited(
    state: &mut State,
    what: Editing,
    before: &str,
    result: Result<String, String>,
    effects: &mut Vec<Effect>,
) {
    let text = match result {
        Ok(text) => clean::text(&text),
        Err(trouble) => return state.notify(Role::Bad, clean::line(&trouble)),
    };
    match what {
        Editing::Brief => {
            state.composer.clear();
            if !state.composer.insert(text.trim_end()) {
                state.notify(Role::Warning, "the text was too long and has been cut");
            }
            set_focus(state, Pane::Composer);
        }
        Editing::Method { .. } if text.trim() == before.trim() => {
            state.notify(Role::Dim, "nothing was changed");
        }
        Editing::Method { object, selector } => install(state, &object, &selector, &text, effects),
    }
}

/// Gives the source to the kernel as a mission with a single candidate.
fn install(
    state: &mut State,
    object: &str,
    selector: &str,
    source: &str,
    effects: &mut Vec<Effect>,
) {
    if state.link != Link::Up {
        let text = "the kernel is away: the source was not sent, and is in the composer";
        state.notify(Role::Warning, text);
        state.composer.line.set(document(object, selector, source));
        return;
    }
    let document = document(object, selector, source);
    let asked = Asked::Start {
        brief: document.clone(),
    };
    let request = Request::StartMission(MissionInput::Json(document));
    ask(state, asked, request, effects);
    state.notify(Role::Dim, "sent; the guardian judges it as any other");
    set_focus(state, Pane::Mission);
}

fn document(object: &str, selector: &str, source: &str) -> String {
    json!({
        "intent": "teach",
        "brief": format!("{object}.{selector}, written by hand"),
        "object": object,
        "source": source,
    })
    .to_string()
}
