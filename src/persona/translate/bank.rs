//! More of what people say, with what is right: the translator gets those that are most like the words at hand.
//!
//! A small model follows an example that resembles what it is asked. What is alike is judged by the words that
//! two sentences share, each weighed by how seldom it is in the bank, and by how they begin.

use std::collections::HashMap;
use std::sync::OnceLock;

/// What was said and what is right; the objects are those of the translator's other examples.
type Example = (&'static str, &'static str);

/// So many examples go along with each request.
const NEAREST: usize = 4;
/// How much the first word counts beside others: it tells a question from an order.
const FIRST: f64 = 1.5;
/// How much a pair of neighbouring words counts beside the words themselves.
const PAIR: f64 = 0.8;

/// The examples that are most like the words, the likest last: what was read last is followed most.
pub(super) fn nearest(words: &str) -> Vec<Example> {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(Index::new).nearest(words)
}

struct Index {
    /// By feature, how much it says.
    weights: HashMap<String, f64>,
    features: Vec<Vec<String>>,
}

impl Index {
    fn new() -> Self {
        let features: Vec<Vec<String>> = BANK.iter().map(|(words, _)| features(words)).collect();
        let mut counts: HashMap<String, f64> = HashMap::new();
        for feature in features.iter().flatten() {
            *counts.entry(feature.clone()).or_default() += 1.0;
        }
        let all = u32::try_from(BANK.len()).map_or(1.0, f64::from);
        let weights = counts
            .into_iter()
            .map(|(feature, count)| {
                let kind = match feature.as_bytes().first() {
                    Some(b'^') => FIRST,
                    Some(b'+') => PAIR,
                    _ => 1.0,
                };
                let weight = kind * (1.0 + all / count).ln();
                (feature, weight)
            })
            .collect();
        Self { weights, features }
    }

    fn nearest(&self, words: &str) -> Vec<Example> {
        let asked = features(words);
        let mut ranked: Vec<(f64, usize)> = self
            .features
            .iter()
            .enumerate()
            .map(|(at, features)| (self.likeness(&asked, features), at))
            .collect();
        ranked.retain(|(likeness, _)| *likeness > 0.0);
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.truncate(NEAREST);
        let examples = ranked.iter().rev();
        examples
            .filter_map(|(_, at)| BANK.get(*at))
            .copied()
            .collect()
    }

    /// The weight of what both have, beside the weight of what either has.
    fn likeness(&self, asked: &[String], features: &[String]) -> f64 {
        // What is in no example says as much as what is in one.
        let unknown = self.weights.values().copied().fold(0.0, f64::max) / FIRST;
        let weight = |feature: &String| self.weights.get(feature).copied().unwrap_or(unknown);
        let sum = |features: &[String]| features.iter().map(weight).sum::<f64>();
        let both = features.iter().filter(|feature| asked.contains(feature));
        let both = both.map(weight).sum::<f64>();
        both / (sum(features) * sum(asked)).sqrt().max(f64::MIN_POSITIVE)
    }
}

/// The words, the first one once more, neighbouring pairs, and whether it is a question; each once.
fn features(words: &str) -> Vec<String> {
    let lower = words.to_lowercase();
    let all: Vec<&str> = lower
        .split(|letter: char| !letter.is_alphanumeric() && letter != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let mut features: Vec<String> = all.iter().map(|word| (*word).to_owned()).collect();
    features.extend(all.first().map(|word| format!("^{word}")));
    features.extend(all.windows(2).map(|pair| format!("+{}", pair.join(" "))));
    if lower.trim_end().ends_with('?') {
        features.push("?".to_owned());
    }
    features.sort();
    features.dedup();
    features
}

const ASK: &str = r#"{"intent": "ask"}"#;
const CHAT: &str = r#"{"intent": "chat"}"#;
const REMEMBER: &str = r#"{"intent": "remember"}"#;
const UNDO: &str = r#"{"intent": "undo"}"#;
const SHOW_STACK: &str = r#"{"intent": "inspect", "object": "Stack"}"#;
const SHOW_DOOR: &str = r#"{"intent": "inspect", "object": "Door"}"#;
const SHOW_OVEN: &str = r#"{"intent": "inspect", "object": "Oven"}"#;

const BANK: &[Example] = &[
    // Questions that no method answers.
    ("what is a stack good for?", ASK),
    ("why was the first try refused", ASK),
    ("how many objects are there by now?", ASK),
    ("can you explain what a prototype is?", ASK),
    ("what can you do for me?", ASK),
    ("is there anything about the boiler in your notes?", ASK),
    ("do you know when the lease ends?", ASK),
    ("tell me how the oven and the door are related", ASK),
    ("what's the difference between pop and size", ASK),
    ("where did i say the spare keys are?", ASK),
    ("has anybody changed the door today?", ASK),
    ("what was the last thing you wrote?", ASK),
    ("who is responsible for the heating again?", ASK),
    ("when is the next delivery due?", ASK),
    ("could you tell me why pushing takes so long", ASK),
    (
        "does the oven remember its temperature after a restart?",
        ASK,
    ),
    ("which of my objects was made first?", ASK),
    ("explain to me what happens when a method panics", ASK),
    ("i wonder what the code of the cellar was", ASK),
    ("any idea why the checks did not pass?", ASK),
    ("what did we decide about the colours?", ASK),
    ("how does undo work here", ASK),
    ("are there objects without methods?", ASK),
    ("summarise what you know about the supplier", ASK),
    ("what time zone do the logs use?", ASK),
    ("how long until the certificate expires", ASK),
    // Talk.
    ("greetings from the night shift", CHAT),
    ("good evening, robin", CHAT),
    ("how is it going?", CHAT),
    ("thank you so much", CHAT),
    ("great work, i like it", CHAT),
    ("ok, i am off for the weekend", CHAT),
    ("haha, nice one", CHAT),
    ("what a day, nothing works as it should", CHAT),
    ("are you a human?", CHAT),
    ("what is your favourite colour?", CHAT),
    ("sorry, that was not meant for you", CHAT),
    ("just checking whether you are there", CHAT),
    ("i'm back from lunch", CHAT),
    ("can a machine be tired?", CHAT),
    ("sing me something", CHAT),
    ("that's all for today", CHAT),
    ("you are doing fine", CHAT),
    ("hmm, let me think about it", CHAT),
    ("i really hate mondays", CHAT),
    ("no worries, take your time", CHAT),
    ("happy new year!", CHAT),
    ("what do you think of the weather?", CHAT),
    ("it's cold outside and i want to go home", CHAT),
    ("wow", CHAT),
    ("oh well, never mind then", CHAT),
    ("my coffee is empty again", CHAT),
    // Facts to be kept.
    ("remember that the lift is repaired on friday", REMEMBER),
    ("the supplier's phone number is 5550", REMEMBER),
    ("for the record: the contract ends in june", REMEMBER),
    ("please keep in mind that sundays are free", REMEMBER),
    ("Anna is the one to call when the pump stops", REMEMBER),
    ("we deploy only on tuesdays", REMEMBER),
    ("the server room key hangs behind the door", REMEMBER),
    ("just so you know, prices are without tax", REMEMBER),
    ("our customers pay within 14 days", REMEMBER),
    ("don't forget: the meeting moved to ten o'clock", REMEMBER),
    ("from now on all dates are in UTC", REMEMBER),
    ("write this down, the serial number is K-77", REMEMBER),
    ("the old warehouse was sold last year", REMEMBER),
    ("my birthday is in november", REMEMBER),
    ("a pallet holds forty boxes", REMEMBER),
    ("Tom prefers mails over calls", REMEMBER),
    ("store this: rack 4 draws 3 kilowatts", REMEMBER),
    ("the staging password was changed on monday", REMEMBER),
    ("i want you to know that the budget is 900 euros", REMEMBER),
    ("the limit for free shipping is 50", REMEMBER),
    ("note: the second pump is only a spare", REMEMBER),
    ("the blue cable goes to the switch", REMEMBER),
    ("winter tyres must be on by october", REMEMBER),
    (
        "it is called the annex because it was built later",
        REMEMBER,
    ),
    // Changes to be taken back.
    ("step back once", UNDO),
    ("drop what was just done", UNDO),
    ("revert the last change please", UNDO),
    ("oops, that was wrong, go back", UNDO),
    ("i didn't want that, restore what was there before", UNDO),
    ("roll it back", UNDO),
    ("can you reverse what just happened?", UNDO),
    ("that must go away again, i want the old state", UNDO),
    ("cancel the change you made a minute ago", UNDO),
    // One object to be shown.
    ("what is in the stack right now?", SHOW_STACK),
    ("show Door", SHOW_DOOR),
    ("print the source of pop", SHOW_STACK),
    ("what does the oven look like inside", SHOW_OVEN),
    ("list the methods of the door", SHOW_DOOR),
    ("which slots does Stack have?", SHOW_STACK),
    ("let me have a look at the oven", SHOW_OVEN),
    ("details of Door please", SHOW_DOOR),
    ("what's the value of degrees", SHOW_OVEN),
    ("what can the oven do", SHOW_OVEN),
    ("open the stack's code for me", SHOW_STACK),
    ("is the door open at the moment?", SHOW_DOOR),
    // New objects.
    (
        "create an object called Lamp",
        r#"{"intent": "make", "object": "Lamp", "slots": []}"#,
    ),
    (
        "i want a Basket with a list of fruits, empty at first",
        r#"{"intent": "make", "object": "Basket", "slots": [{"name": "fruits", "type": "Vec<String>", "value": []}]}"#,
    ),
    (
        "make a Safe that descends from Door with a pin of 0000",
        r#"{"intent": "make", "object": "Safe", "parent": "Door", "slots": [{"name": "pin", "type": "String", "value": "0000"}]}"#,
    ),
    (
        "set up a Meter, reading 0.0",
        r#"{"intent": "make", "object": "Meter", "slots": [{"name": "reading", "type": "f64", "value": 0.0}]}"#,
    ),
    (
        "there should be an object Clock",
        r#"{"intent": "make", "object": "Clock", "slots": []}"#,
    ),
    (
        "add a new thing named Shelf with 3 boards",
        r#"{"intent": "make", "object": "Shelf", "slots": [{"name": "boards", "type": "i64", "value": 3}]}"#,
    ),
    // Something to be done now.
    (
        "pop one off the stack",
        r#"{"intent": "send", "object": "Stack", "selector": "pop", "args": []}"#,
    ),
    (
        "how many are on the stack?",
        r#"{"intent": "send", "object": "Stack", "selector": "size", "args": []}"#,
    ),
    (
        "could you open the door for me?",
        r#"{"intent": "send", "object": "Door", "selector": "open", "args": []}"#,
    ),
    (
        "put 12 on the stack",
        r#"{"intent": "send", "object": "Stack", "selector": "push", "args": [12]}"#,
    ),
    (
        "make the oven 90 degrees hot",
        r#"{"intent": "send", "object": "Oven", "selector": "heat_to", "args": [90]}"#,
    ),
    (
        "run size on Stack",
        r#"{"intent": "send", "object": "Stack", "selector": "size", "args": []}"#,
    ),
    (
        "call lock_with('k3') on the door",
        r#"{"intent": "send", "object": "Door", "selector": "lock_with", "args": ["k3"]}"#,
    ),
    (
        "ask the stack for its size",
        r#"{"intent": "send", "object": "Stack", "selector": "size", "args": []}"#,
    ),
    (
        "i'd like the oven at 180",
        r#"{"intent": "send", "object": "Oven", "selector": "heat_to", "args": [180]}"#,
    ),
    (
        "push 7 again",
        r#"{"intent": "send", "object": "Stack", "selector": "push", "args": [7]}"#,
    ),
    // Something to be learnt.
    (
        "add a method to Stack that gives the largest item",
        r#"{"intent": "teach", "object": "Stack", "selector": "largest"}"#,
    ),
    (
        "the oven needs a way to cool down",
        r#"{"intent": "teach", "object": "Oven", "selector": "cool_down"}"#,
    ),
    (
        "i want to be able to close the door",
        r#"{"intent": "teach", "object": "Door", "selector": "close"}"#,
    ),
    (
        "heat_to should refuse more than 300 degrees",
        r#"{"intent": "teach", "object": "Oven", "selector": "heat_to"}"#,
    ),
    (
        "write average for Stack: the mean of its items",
        r#"{"intent": "teach", "object": "Stack", "selector": "average"}"#,
    ),
    (
        "Door must count how often it was opened",
        r#"{"intent": "teach", "object": "Door", "selector": "count_openings"}"#,
    ),
    (
        "let the stack drop everything below a limit",
        r#"{"intent": "teach", "object": "Stack", "selector": "drop_below"}"#,
    ),
    (
        "please teach the oven to beep twice",
        r#"{"intent": "teach", "object": "Oven", "selector": "beep_twice"}"#,
    ),
    (
        "implement peek, which returns the top without removing it",
        r#"{"intent": "teach", "object": "Stack", "selector": "peek"}"#,
    ),
    (
        "change push so that it ignores duplicates",
        r#"{"intent": "teach", "object": "Stack", "selector": "push"}"#,
    ),
    (
        "could Stack also sort its items?",
        r#"{"intent": "teach", "object": "Stack", "selector": "sort"}"#,
    ),
    (
        "it would be nice if the door locked by itself at night",
        r#"{"intent": "teach", "object": "Door", "selector": "lock_by_night"}"#,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn intents(words: &str) -> Vec<&'static str> {
        let examples = nearest(words).into_iter();
        examples.map(|(_, mission)| mission).collect()
    }

    #[test]
    fn what_is_most_like_the_words_stands_last() {
        assert_eq!(nearest("Wow!").last(), Some(&("wow", CHAT)));
        assert_eq!(intents("revert the change").last(), Some(&UNDO));
        assert_eq!(intents("how does a method work?").last(), Some(&ASK));
        assert_eq!(nearest("how does a method work?").len(), NEAREST);
        // Nothing is like these.
        assert_eq!(nearest("zzz"), []);
    }

    #[test]
    fn no_words_are_there_twice() {
        let mut words: Vec<&str> = BANK.iter().map(|(words, _)| *words).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), BANK.len());
    }
}
