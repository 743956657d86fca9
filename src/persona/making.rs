//! What a translation that makes an object means by the words: a new one, one of a prototype, or one that learns.

use super::resolve::{is_akin, known_name};
use super::scene::Scene;
use super::words::words as words_in;
use super::{Draft, Intent, is_identifier, is_object_name, names_methods, naming};

/// "Make it able to …" makes nothing: an object is to learn something. Where no object has that name the words give it
/// right before, and it comes with its first method.
pub(super) fn enable(draft: &mut Draft, scene: &Scene) {
    let words = draft.brief.to_lowercase();
    let Some((before, ability)) = words.split_once("able to ") else {
        return;
    };
    let Some(name) = draft.object.as_ref().map(|name| known_name(name, scene)) else {
        return;
    };
    let is_known = scene.object(&name).is_some();
    let is_named = words_in(before).any(|word| word.eq_ignore_ascii_case(&name));
    // One that is made of a prototype has to be made.
    if !is_known && (draft.parent.is_some() || !is_named) {
        return;
    }
    let verb = words_in(ability).next().unwrap_or_default();
    let slot = draft
        .slots
        .keys()
        .find(|slot| is_known || is_akin(verb, slot))
        .cloned();
    // What it is to be able to do is no slot; what a new object is made with is.
    draft
        .slots
        .retain(|slot, _| !is_known && !is_akin(verb, slot));
    draft.intent = Intent::Teach;
    draft.selector = slot
        .or_else(|| naming::ability(ability))
        .filter(|selector| is_identifier(selector));
    draft.object = Some(name);
    draft.parent = None;
}

/// "Another one, called Ulysses" makes no second object of a name that is there: that is its prototype.
pub(super) fn call_by_name(draft: &mut Draft, scene: &Scene) {
    let Some(known) = draft.object.as_deref().and_then(|name| scene.object(name)) else {
        return;
    };
    let words: Vec<&str> = words_in(&draft.brief).collect();
    let called = words.windows(2).find_map(|pair| match pair {
        ["called" | "named", name] if name.starts_with(char::is_uppercase) => Some(*name),
        _ => None,
    });
    if draft.intent == Intent::Make
        && let Some(name) = called.filter(|name| is_object_name(name))
        && scene.object(&known_name(name, scene)).is_none()
    {
        draft.parent = Some(known.object.clone());
        draft.object = Some(name.to_owned());
    }
}

/// A new object that is made with methods is one that learns them.
pub(super) fn equip(draft: &mut Draft) {
    if draft.object.is_some() && draft.parent.is_none() && names_methods(&draft.brief) {
        draft.intent = Intent::Teach;
    }
}
