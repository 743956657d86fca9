//! What a method that is to be taught is called, by the words: where the model took the name of another that is there.

use super::resolve::{is_akin, is_nearly};
use super::scene::Scene;
use super::words::words as words_in;
use super::{Draft, Intent, is_identifier};

/// Words before an ability, those that say most first.
const BEFORE_ABILITY: [&str; 11] = [
    "able to ",
    "a way to ",
    "ability to ",
    "learn to ",
    "learn how to ",
    "needs to ",
    "ought to ",
    "should ",
    "-> ",
    "give me ",
    "tell me ",
];
/// Words of an ability that are no part of its name.
const PASSED_OVER: [&str; 11] = [
    "a", "an", "the", "its", "it", "their", "all", "also", "now", "me", "itself",
];
/// Words that begin what is told of an ability beside its name.
const BESIDE: [&str; 22] = [
    "by", "with", "for", "in", "at", "on", "when", "if", "that", "which", "so", "and", "or", "to",
    "from", "into", "of", "than", "while", "until", "per", "too",
];
/// What follows says how something is, or what is to hold: no ability.
const NO_ABILITY: [&str; 10] = [
    "be", "have", "has", "not", "never", "only", "always", "refuse", "know", "no",
];

/// A new ability is none of the methods that are there, of this object or another, unless the words name that one.
pub(super) fn name_ability(draft: &mut Draft, scene: &Scene) {
    let words = draft.brief.to_lowercase();
    let Some(selector) = &draft.selector else {
        return;
    };
    let is_named = words_in(&words).any(|word| selector.split('_').any(|part| is_akin(word, part)));
    if is_named || !scene.has(selector) {
        return;
    }
    let told = BEFORE_ABILITY
        .iter()
        .find_map(|before| words.split_once(before));
    let Some((_, told)) = told else { return };
    if let Some(name) = ability(told) {
        draft.selector = Some(name);
    }
}

/// "Let the hero drink" is an order where it can drink, and teaches it otherwise.
pub(super) fn let_do(draft: &mut Draft, scene: &Scene) {
    const BEFORE: [&str; 4] = ["let", "now let", "please let", "and let"];
    let is_either = matches!(draft.intent, Intent::Send | Intent::Teach);
    let (true, Some(object), Some(selector)) = (is_either, &draft.object, &draft.selector) else {
        return;
    };
    let words = draft.brief.trim_start().to_lowercase();
    let after = BEFORE
        .iter()
        .find_map(|before| words.strip_prefix(before)?.strip_prefix(' '));
    let Some(after) = after.filter(|_| scene.understands(object, selector)) else {
        return;
    };
    let mentions = |word: &str| PASSED_OVER.contains(&word) || is_nearly(word, object);
    let Some(verb) = words_in(after).find(|word| !mentions(word)) else {
        return;
    };
    let begins_so = |selector: &str| {
        let first = selector.split('_').next();
        first.is_some_and(|first| is_akin(verb, first))
    };
    if scene.understands_one(object, begins_so) {
        return;
    }
    let told = after.find(verb).and_then(|start| after.get(start..));
    if let Some(name) = told.and_then(ability) {
        draft.intent = Intent::Teach;
        draft.args = None;
        draft.selector = Some(name);
    }
}

/// A name for what is told: its first words, as far as they say what is done.
pub(super) fn ability(told: &str) -> Option<String> {
    const MOST_WORDS: usize = 2;
    let clause = told
        .split(['.', ',', ';', ':', '(', '?', '!'])
        .next()
        .unwrap_or_default();
    let words = words_in(clause).filter(|word| !PASSED_OVER.contains(word));
    let name: Vec<&str> = words
        .take_while(|word| {
            !BESIDE.contains(word) && !word.starts_with(|first: char| first.is_ascii_digit())
        })
        .take(MOST_WORDS)
        .collect();
    if name.first().is_none_or(|first| NO_ABILITY.contains(first)) {
        return None;
    }
    Some(name.join("_")).filter(|name| is_identifier(name))
}

/// A rule for what is there changes the one method that the words name.
pub(super) fn change_named(draft: &mut Draft, scene: &Scene) {
    const RULING: [&str; 9] = [
        "refuse",
        "must",
        "never",
        "only",
        "no longer",
        "instead",
        "always",
        "from now on",
        "any more",
    ];
    let words = draft.brief.to_lowercase();
    let (Some(object), Some(selector)) = (&draft.object, &draft.selector) else {
        return;
    };
    if scene.understands(object, selector) || !RULING.iter().any(|rule| words.contains(rule)) {
        return;
    }
    let known = scene
        .object(object)
        .into_iter()
        .flat_map(|known| &known.methods);
    let mut named = known.filter(|method| {
        let spoken = method.selector.replace('_', " ");
        words_in(&words).any(|word| word == method.selector)
            || spoken.contains(' ') && words.contains(&spoken)
    });
    if let (Some(one), None) = (named.next(), named.next()) {
        draft.selector = Some(one.selector.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::ability;

    #[test]
    fn the_name_is_what_is_done() {
        let cases = [
            ("dry out by 10 percent every day", Some("dry_out")),
            ("drink a potion, it heals 20", Some("drink_potion")),
            ("empty itself", Some("empty")),
            ("double its interest", Some("double_interest")),
            ("be kinder", None),
            ("", None),
        ];
        for (told, name) in cases {
            assert_eq!(ability(told).as_deref(), name, "{told}");
        }
    }
}
