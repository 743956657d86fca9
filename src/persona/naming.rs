//! What a method that is to be taught is called, by the words: where the model took the name of another that is there.

use super::resolve::{humps, is_akin, is_nearly};
use super::scene::Scene;
use super::words::words as words_in;
use super::{Draft, is_identifier};

/// Words before an ability, those that say most first.
const BEFORE_ABILITY: [&str; 5] = [
    "able to ",
    "a way to ",
    "ability to ",
    "learn to ",
    "learn how to ",
];
/// Words before one where they follow the object: what else should do something is no ability of it.
const BEHIND_THE_OBJECT: [&str; 4] = [" should ", " needs to ", " ought to ", " -> "];
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
const NO_ABILITY: [&str; 14] = [
    "be", "have", "has", "not", "never", "only", "always", "refuse", "know", "no", "return",
    "give", "say", "fail",
];

/// Words that are part of no name at all.
const EMPTY: [&str; 34] = [
    "could", "can", "would", "should", "you", "get", "please", "same", "how", "much", "many", "is",
    "are", "was", "be", "do", "does", "i", "we", "want", "like", "make", "teach", "let", "have",
    "has", "this", "there", "what", "as", "not", "my", "method", "able",
];

/// Words of a rule for a method that is there.
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

/// Words for what is not there yet, or comes beside what is.
const ADDING: [&str; 9] = [
    "able to",
    "ability",
    "capable",
    "a way to",
    "skill",
    " yet",
    "new method",
    "one for",
    "learn",
];

/// A new ability is none of the methods that are there, of this object or another, unless the words name that one.
pub(super) fn name_ability(draft: &mut Draft, scene: &Scene) {
    let words = draft.brief.to_lowercase();
    let (Some(object), Some(selector)) = (&draft.object, &draft.selector) else {
        return;
    };
    if !scene.has(selector) {
        return;
    }
    let told = BEFORE_ABILITY
        .iter()
        .find_map(|before| words.split_once(before).map(|(_, told)| told));
    let told = if mention(&words, selector) {
        // What it does already and is to be able to do is that and more.
        told.filter(|told| words_in(told).next() == Some(selector) && !rules(&words))
            .filter(|_| scene.understands(object, selector))
    } else {
        told.or_else(|| behind_the_object(&words, object, scene))
    };
    if let Some(name) = told.and_then(ability) {
        draft.selector = Some(name);
    }
}

/// Whether the words, in small letters, have a part of the method's name.
fn mention(words: &str, selector: &str) -> bool {
    words_in(words).any(|word| selector.split('_').any(|part| is_akin(word, part)))
}

/// Whether a method that is to be taught has a name that is there and that the words do not mention: the model took what
/// stood nearest. What changes a method of the object's own may mean it otherwise, what adds an ability does not.
pub(super) fn is_borrowed(draft: &Draft, scene: &Scene) -> bool {
    let (Some(object), Some(selector)) = (&draft.object, &draft.selector) else {
        return false;
    };
    let words = draft.brief.to_lowercase();
    !mention(&words, selector)
        && scene.has(selector)
        && (adds(&words) || goes_on(&words) || !scene.understands(object, selector))
        && !rules(&words)
}

/// Whether the words, in small letters, set a rule.
fn rules(words: &str) -> bool {
    RULING.iter().any(|rule| words.contains(rule))
}

/// Whether the words, in small letters, wish for what an object cannot do yet.
pub(super) fn adds(words: &str) -> bool {
    ADDING.iter().any(|said| words.contains(said))
}

/// Whether they wish for the same as what was said before, for something else.
fn goes_on(words: &str) -> bool {
    ["same for", "likewise"]
        .iter()
        .any(|said| words.contains(said))
}

/// Names that the words offer for a method: up to three of those that mean something, which follow each other.
pub(super) fn names_in(words: &str, scene: &Scene) -> Vec<String> {
    const MOST: usize = 40;
    const LONGEST: usize = 3;
    let words = words.to_lowercase();
    let is_object = |word: &str| {
        scene
            .known
            .iter()
            .any(|known| is_nearly(word, &known.object))
    };
    let telling: Vec<&str> = words_in(&words)
        .filter(|word| {
            !PASSED_OVER.contains(word) && !BESIDE.contains(word) && !EMPTY.contains(word)
        })
        .filter(|word| !is_object(word) && is_identifier(word))
        .collect();
    let mut names: Vec<String> = Vec::new();
    for length in 1..=LONGEST {
        for run in telling.windows(length) {
            let name = run.join("_");
            if !names.contains(&name) && !scene.has(&name) {
                names.push(name);
            }
        }
    }
    names.truncate(MOST);
    names
}

/// What follows "the object should" or "it should". Where something was said before it may go on with that.
fn behind_the_object<'a>(words: &'a str, object: &str, scene: &Scene) -> Option<&'a str> {
    if !scene.said.is_empty() {
        return None;
    }
    BEHIND_THE_OBJECT.iter().find_map(|between| {
        let (before, told) = words.split_once(between)?;
        let last = words_in(before).last()?;
        let is_it = last == "it"
            || is_nearly(last, object)
            || humps(object).iter().any(|part| part == last);
        is_it.then_some(told)
    })
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

/// A change is of the method that is written as `Team.points`, and a rule for what is there changes the one that the words name.
pub(super) fn change_named(draft: &mut Draft, scene: &Scene) {
    let words = draft.brief.to_lowercase();
    let (Some(object), Some(selector)) = (&draft.object, &draft.selector) else {
        return;
    };
    let dotted = format!("{}.", object.to_lowercase());
    let mut pointed = words
        .match_indices(&dotted)
        .filter_map(|(at, found)| {
            let behind = words.get(at + found.len()..)?;
            behind
                .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .next()
        })
        .filter(|name| scene.understands(object, name));
    let is_there = scene.understands(object, selector);
    if let (true, Some(one), None) = (is_there, pointed.next(), pointed.next()) {
        draft.selector = Some(one.to_owned());
    }
    if is_there || !rules(&words) {
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

/// What the words say that it is called: `teach Tank level: …`, `a method level for Tank`, `a method called level`.
pub(super) fn introduced(words: &str, object: &str) -> Option<String> {
    const NO_NAMES: [&str; 22] = [
        "this",
        "that",
        "these",
        "those",
        "it",
        "to",
        "for",
        "which",
        "so",
        "in",
        "of",
        "on",
        "with",
        "called",
        "named",
        "and",
        "how",
        "please",
        "something",
        "new",
        "more",
        "methods",
    ];
    if object.is_empty() {
        return None;
    }
    let lower = words.to_lowercase();
    let object = object.to_lowercase();
    let name_at = |at: usize| {
        let rest = words.get(at..)?.trim_start_matches([' ', '`', '"']);
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        let small = name.chars().all(|letter| !letter.is_uppercase());
        let is_name = small && is_identifier(name) && !NO_NAMES.contains(&name);
        is_name.then(|| (name, after.trim_start_matches(['`', '"'])))
    };
    let behind = |before: &str| {
        let places = lower.match_indices(before);
        let named = places.filter_map(|(at, found)| name_at(at + found.len()));
        named.collect::<Vec<_>>()
    };
    let told = |after: &str| after.starts_with([':', '(']);
    let mut taught = behind(&format!("teach {object} ")).into_iter();
    let taught = taught.find(|(_, after)| told(after));
    let named = ["method called ", "method named ", "method `"];
    let mut named = named.into_iter().flat_map(behind);
    let a_method = ["a method ", "new method ", "another method "];
    let mut a_method = a_method.into_iter().flat_map(behind);
    let goes_on = |after: &str| {
        let towards = ["for", "to", "on"].map(|word| format!(" {word} {object}"));
        let after = after.to_lowercase();
        told(&after)
            || [",", " that ", " which "]
                .iter()
                .any(|next| after.starts_with(next))
            || towards.iter().any(|next| after.starts_with(next.as_str()))
    };
    let found = taught
        .or_else(|| named.next())
        .or_else(|| a_method.find(|(_, after)| goes_on(after)));
    found.map(|(name, _)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{ability, introduced};

    #[test]
    fn a_name_is_what_is_introduced_as_one() {
        for (words, name) in [
            (
                "teach Tank level: how full it is. use fill_up for that",
                Some("level"),
            ),
            ("teach Tank pour(other): pours", Some("pour")),
            (
                "add a method free_on to Tank that takes a card",
                Some("free_on"),
            ),
            ("a new method `drain` for Tank, use pour", Some("drain")),
            ("a method called rise, which rises", Some("rise")),
            ("teach Tank this: pour twice", None),
            ("teach Tank a method that pours", None),
            ("teach Tank to pour: all of it", None),
            ("change the method in Tank", None),
            ("the pour method has to refuse what is negative", None),
            (
                "teach Tank to print it, use the method total for the sum",
                None,
            ),
            ("a method similar to pour that adds a drop", None),
            ("make Tank faster: keep the sum", None),
            ("teach Tank please: pour", None),
        ] {
            assert_eq!(introduced(words, "Tank").as_deref(), name, "{words}");
        }
    }

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
