//! A send that a person typed: object, selector, and a JSON array that may be missing.

use super::{Effect, ask};
use crate::tui::state::{Asked, Link, State};
use crate::tui::theme::Role;
use crate::wire::messages::Request;

/// `text` is `deposit [2.5]`.
pub(super) fn to(state: &mut State, object: &str, text: &str, effects: &mut Vec<Effect>) {
    let (selector, args) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let args = args.trim();
    if selector.is_empty() {
        return state.notify(
            Role::Dim,
            "name a selector too, as in `Account deposit [2.5]`",
        );
    }
    if state.link != Link::Up {
        return state.notify(Role::Warning, "the kernel is away: nothing was sent");
    }
    let request = Request::Send {
        selector: selector.to_owned(),
        args_json: if args.is_empty() { "[]" } else { args }.to_owned(),
        object: object.to_owned(),
    };
    let text = format!("{object} {text}");
    ask(state, Asked::Send { text }, request, effects);
}
