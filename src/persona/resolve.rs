//! What needs no model after the translation: names as the image has them, and orders that nothing can follow.
//!
//! Each rule holds whatever the model is: a name that is one letter off is the name that is there; an order that no
//! method follows is a method to be written; what is not there cannot be looked at; and nothing is done to an object
//! that neither the words nor what went before point to.

use super::display::{DISPLAY, SYSTEM, is_about_own_display};
use super::plan::counts_things;
use super::scene::{Known, Scene};
use super::words::words as words_in;
use super::{Draft, Intent, is_identifier, making, names_methods, naming};

/// The draft with names of the image, and with the intent that can be carried out.
pub(super) fn resolve(mut draft: Draft, scene: &Scene) -> Draft {
    let only_says = matches!(draft.intent, Intent::Chat | Intent::Ask);
    if is_about_own_display(&draft.brief) && !is_question(&draft.brief) {
        return own_display(draft);
    }
    draft.parent = draft.parent.map(|name| known_name(&name, scene));
    if draft.intent != Intent::Make {
        draft.object = draft.object.map(|name| known_name(&name, scene));
    }
    if draft.intent == Intent::Send && asks_something_else(&draft) {
        only_answer(&mut draft, Intent::Ask);
    }
    if draft.intent == Intent::Send {
        deliver(&mut draft, scene);
    }
    if draft.intent == Intent::Make {
        making::enable(&mut draft, scene);
        making::call_by_name(&mut draft, scene);
        making::equip(&mut draft);
    }
    if draft.intent == Intent::Teach {
        naming::name_ability(&mut draft, scene);
        naming::change_named(&mut draft, scene);
        take_spelled_selector(&mut draft, scene);
        if draft.object.as_deref() == Some(SYSTEM)
            && words_in(&draft.brief).any(|word| word.eq_ignore_ascii_case(DISPLAY))
        {
            return own_display(draft);
        }
        if names_methods(&draft.brief) || counts_things(&draft.brief) {
            // It is none of several.
            draft.selector = None;
        }
    }
    let object = draft.object.clone();
    let known = object.as_deref().and_then(|name| scene.object(name));
    match draft.intent {
        Intent::Teach | Intent::Make if is_question(&draft.brief) => {
            only_answer(&mut draft, Intent::Ask);
        }
        Intent::Inspect
            if known.is_none()
                || asks_which(&draft.brief)
                || asks_whether(&draft.brief)
                || asks_for_all(&draft.brief) =>
        {
            only_answer(&mut draft, Intent::Ask);
        }
        Intent::Inspect => {
            if let Some(known) = known
                && !points_to(&draft, known, scene)
            {
                only_answer(&mut draft, Intent::Ask);
            }
        }
        Intent::Send | Intent::Teach => {
            let only_one = draft.intent == Intent::Teach && scene.known.len() == 1;
            if let Some(known) = known
                && !only_one
                && !points_to(&draft, known, scene)
            {
                only_answer(&mut draft, Intent::Chat);
            }
        }
        _ => {}
    }
    match draft.intent {
        Intent::Chat | Intent::Ask
            if is_to_be_kept(&draft.brief) || only_says && hands_over(&draft.brief) =>
        {
            only_answer(&mut draft, Intent::Remember);
        }
        Intent::Chat if is_question(&draft.brief) && !is_to_robin(&draft.brief) => {
            only_answer(&mut draft, Intent::Ask);
        }
        _ => {}
    }
    if let Some(object) = gone_to(&draft, scene) {
        only_answer(&mut draft, Intent::Inspect);
        draft.object = Some(object);
    }
    if draft.intent == Intent::Ask {
        draft.object = asked_about(&draft.brief, scene);
    }
    draft
}

/// The one object that a question names as it is written, or the selected one of whose methods it is.
fn asked_about(words: &str, scene: &Scene) -> Option<String> {
    let mut named = scene
        .known
        .iter()
        .filter(|known| words_in(words).any(|word| word == known.object));
    match (named.next(), named.next()) {
        (Some(one), None) => Some(one.object.clone()),
        (Some(_), Some(_)) => None,
        (None, _) => {
            let selected = scene.selected.as_ref()?;
            let is_its = words_in(words).any(|word| scene.understands(selected, word));
            is_its.then(|| selected.clone())
        }
    }
}

/// "Go to" an object, and nothing else, is to look at it; unless going there is something that it does.
fn gone_to(draft: &Draft, scene: &Scene) -> Option<String> {
    const GOING: [&str; 5] = ["go to ", "goto ", "switch to ", "jump to ", "over to "];
    let words = draft.brief.trim().to_lowercase();
    let to = GOING.iter().find_map(|going| words.strip_prefix(going))?;
    let verb = words_in(&words).next()?;
    let name: Vec<&str> = words_in(to).filter(|word| *word != "the").collect();
    let [name] = name.as_slice() else { return None };
    let known = scene
        .known
        .iter()
        .find(|known| is_nearly(name, &known.object))?;
    let does = known
        .methods
        .iter()
        .any(|method| method.selector.split('_').any(|part| is_akin(part, verb)));
    (!does).then(|| known.object.clone())
}

/// The system is to display itself, or to do so otherwise.
fn own_display(mut draft: Draft) -> Draft {
    only_answer(&mut draft, Intent::Teach);
    draft.object = Some(SYSTEM.to_owned());
    draft.selector = Some(DISPLAY.to_owned());
    draft.checks.clear();
    draft.signature = None;
    draft
}

/// The person says in so many words that it is to be kept, and asks nothing.
fn is_to_be_kept(words: &str) -> bool {
    const KEEPING: [&str; 11] = [
        "remember",
        "write down",
        "note that",
        "note:",
        "note to self",
        "keep in mind",
        "don't forget",
        "dont forget",
        "for later",
        "so you know",
        "fyi",
    ];
    let words = words.trim().to_lowercase();
    !words.ends_with('?') && KEEPING.iter().any(|said| words.contains(said))
}

/// Whether a file is to be taken in, by its name, and nothing else is to be done with it.
fn hands_over(words: &str) -> bool {
    const TAKING: [&str; 10] = [
        "take", "read", "add", "import", "learn", "load", "keep", "store", "put", "ingest",
    ];
    const KINDS: [&str; 5] = [".pdf", ".md", ".txt", ".rs", ".markdown"];
    const MOST_BETWEEN: usize = 5;
    const MORE: [&str; 9] = [
        "look",
        "tell",
        "summarize",
        "summarise",
        "explain",
        "say",
        "way",
        "method",
        "export",
    ];
    let words = words.trim().to_lowercase();
    let mut spoken = words
        .split_whitespace()
        .skip_while(|word| *word == "please");
    let takes = spoken.next().is_some_and(|first| TAKING.contains(&first));
    let is_file = |word: &str| {
        let word = word.trim_end_matches([',', '.', ';', '"', '\'']);
        KINDS.iter().any(|kind| word.ends_with(kind))
    };
    takes
        && !words.ends_with('?')
        && spoken.take(MOST_BETWEEN).any(is_file)
        && !words_in(&words).any(|word| MORE.contains(&word))
}

/// Whether ROBIN is spoken to, rather than asked about something.
fn is_to_robin(words: &str) -> bool {
    words_in(words).any(|word| ["you", "your", "robin"].contains(&word.to_lowercase().as_str()))
}

/// Nothing is to be done: ROBIN answers.
pub(super) fn only_answer(draft: &mut Draft, intent: Intent) {
    draft.intent = intent;
    draft.object = None;
    draft.selector = None;
    draft.args = None;
    draft.parent = None;
    draft.slots.clear();
}

/// A send goes to whoever understands it; where the object that is meant does not, it is to learn it.
fn deliver(draft: &mut Draft, scene: &Scene) {
    let (Some(object), Some(selector)) = (draft.object.clone(), draft.selector.clone()) else {
        return;
    };
    if scene.understands(&object, &selector) {
        return;
    }
    let mut others = scene.known.iter().filter(|known| {
        known
            .methods
            .iter()
            .any(|method| method.selector == selector)
    });
    let only = others.next().filter(|_| others.next().is_none());
    if let Some(other) = only
        && !words_in(&draft.brief).any(|word| is_nearly(word, &object))
    {
        draft.object = Some(other.object.clone());
    } else if scene.object(&object).is_some() {
        draft.intent = Intent::Teach;
        draft.args = None;
    }
}

/// What the words introduce as a name is the selector; else where they spell one as code is written, `read_all` or `read(`.
fn take_spelled_selector(draft: &mut Draft, scene: &Scene) {
    let object = draft.object.as_deref().unwrap_or_default();
    if let Some(name) = naming::introduced(&draft.brief, object) {
        draft.selector = Some(name);
        return;
    }
    let slots = draft.object.as_deref().and_then(|name| scene.object(name));
    let is_slot =
        |name: &str| slots.is_some_and(|known| known.slots.iter().any(|slot| slot == name));
    let brief = draft.brief.clone();
    let mut spelled: Vec<&str> = words_in(&brief)
        .filter(|word| {
            let inner = word.trim_matches('_').contains('_');
            let called = brief.contains(&format!("{word}("));
            let small = word.chars().all(|letter| !letter.is_uppercase());
            (inner || called) && small && is_identifier(word) && !is_slot(word)
        })
        .collect();
    spelled.dedup();
    if let [one] = spelled.as_slice() {
        draft.selector = Some((*one).to_owned());
    }
}

/// Begins with a word that asks, and ends as a question does.
fn is_question(words: &str) -> bool {
    const ASKING: [&str; 7] = ["who", "when", "why", "where", "how", "which", "what"];
    const PROPOSING: [&str; 3] = ["how about", "what about", "why not"];
    let words = words.trim().to_lowercase();
    let first = words_in(&words).next().unwrap_or_default().to_owned();
    words.ends_with('?')
        && ASKING.contains(&first.as_str())
        && !PROPOSING.iter().any(|start| words.starts_with(start))
}

/// A question in which nothing is like the method that would be sent: what is asked does nothing.
fn asks_something_else(draft: &Draft) -> bool {
    let parts: Vec<&str> = draft
        .selector
        .iter()
        .flat_map(|selector| selector.split('_'))
        .collect();
    let is_told = |word: &str| {
        let word = word.to_lowercase();
        parts.iter().any(|part| is_akin(&word, part))
    };
    is_question(&draft.brief) && !words_in(&draft.brief).any(is_told)
}

/// Asks what there is, which no single object shows.
fn asks_for_all(words: &str) -> bool {
    const ASKING: [&str; 6] = ["what", "which", "list", "show", "how many", "name"];
    let words = words.trim_start().to_lowercase();
    ASKING.iter().any(|start| words.starts_with(start))
        && words_in(&words).any(|word| word == "objects")
        && !words.contains("objects of")
}

/// Asks for one of several, which none of them shows.
fn asks_which(words: &str) -> bool {
    let words = words.trim_start().to_lowercase();
    ["which of ", "which one of "]
        .iter()
        .any(|start| words.starts_with(start))
}

/// Asks whether something is there, which a person would say rather than show.
fn asks_whether(words: &str) -> bool {
    let words = words.trim_start().to_lowercase();
    ["is there ", "are there "]
        .iter()
        .any(|start| words.starts_with(start))
}

/// Whether something in the words, the selection or what was said leads to that object.
fn points_to(draft: &Draft, known: &Known, scene: &Scene) -> bool {
    if scene.selected.as_ref() == Some(&known.object) {
        return true;
    }
    let said = scene
        .said
        .iter()
        .flat_map(|said| words_in(&said.person).chain(words_in(&said.robin)))
        .any(|word| is_nearly(word, &known.object));
    let selector = draft.selector.iter();
    let mut names: Vec<&str> = selector.map(String::as_str).collect();
    names.extend(known.slots.iter().map(String::as_str));
    for method in &known.methods {
        names.push(&method.selector);
        names.extend(method.parameters.iter().map(String::as_str));
    }
    let parts: Vec<String> = names
        .iter()
        .flat_map(|name| name.split('_'))
        .map(str::to_lowercase)
        .chain(humps(&known.object))
        .collect();
    said || words_in(&draft.brief).any(|word| {
        let word = word.to_lowercase();
        is_nearly(&word, &known.object) || parts.iter().any(|part| is_akin(&word, part))
    })
}

/// The same word, or one that begins with the other: `counts` and `count`.
pub(super) fn is_akin(word: &str, part: &str) -> bool {
    const LEAST: usize = 3;
    word == part
        || (word.len().min(part.len()) >= LEAST
            && (word.starts_with(part) || part.starts_with(word)))
}

/// `TodoList` as `todo` and `list`.
pub(super) fn humps(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for letter in name.chars() {
        if letter.is_uppercase() || parts.is_empty() {
            parts.push(String::new());
        }
        if let Some(last) = parts.last_mut() {
            last.extend(letter.to_lowercase());
        }
    }
    parts.retain(|part| part.len() > 1);
    parts
}

/// The known object that a name means, else the name itself.
pub(super) fn known_name(name: &str, scene: &Scene) -> String {
    let exact = scene.object(name);
    let nearly = || {
        let mut found = scene
            .known
            .iter()
            .filter(|known| is_nearly(name, &known.object));
        found.next().filter(|_| found.next().is_none())
    };
    exact
        .or_else(nearly)
        .map_or_else(|| name.to_owned(), |known| known.object.clone())
}

/// The same name but for capitals, underscores, an ending `s` and, in longer names, one letter.
pub(super) fn is_nearly(name: &str, object: &str) -> bool {
    let (name, object) = (plain(name), plain(object));
    name == object || (object.len() >= MIN_TO_MISTYPE && one_letter_off(&name, &object))
}

/// Names this long may have a letter wrong and are still not another name.
const MIN_TO_MISTYPE: usize = 5;

fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace('_', "");
    name.strip_suffix('s').unwrap_or(&name).to_owned()
}

/// One letter more, less or other, or two neighbours in the wrong order.
fn one_letter_off(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let rest = |text: &[char], skipped: usize| -> Vec<char> {
        text.iter().skip(same + skipped).copied().collect()
    };
    let swapped = || {
        let (mut from, to) = (rest(&a, 0), rest(&b, 0));
        if from.len() < 2 {
            return false;
        }
        from.swap(0, 1);
        from == to
    };
    rest(&a, 1) == rest(&b, 1)
        || rest(&a, 1) == rest(&b, 0)
        || rest(&a, 0) == rest(&b, 1)
        || swapped()
}

#[cfg(test)]
mod tests {
    use super::{humps, is_nearly, is_question};

    #[test]
    fn a_name_is_known_with_one_letter_wrong() {
        for name in [
            "account", "Accounts", "Acount", "Acccount", "Accuont", "Akcount",
        ] {
            assert!(is_nearly(name, "Account"), "{name}");
        }
        for name in ["Acnt", "Accord", "Amount", "", "Savings"] {
            assert!(!is_nearly(name, "Account"), "{name}");
        }
        assert!(is_nearly("CART", "Cart") && !is_nearly("Card", "Cart"));
        assert_eq!(humps("TodoList"), ["todo", "list"]);
    }

    #[test]
    fn a_proposal_is_no_question() {
        assert!(is_question("When was that?") && is_question("how does it work?"));
        assert!(!is_question("how about a method that adds?") && !is_question("what a day"));
    }
}
