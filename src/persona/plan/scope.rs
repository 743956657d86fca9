//! Whether a brief asks for one method or may ask for several: looked up in its words, without a model.
//!
//! Most briefs ask for one method, and for those nothing may get dearer. So only what plainly speaks of more is
//! given to BRICK to be cut up, who may still say that it is one.

use std::collections::BTreeSet;

use super::super::is_identifier;
use super::super::words::words;
use crate::method::Signature;

/// Briefs of more words than this are seldom about one method.
const MANY_WORDS: usize = 110;

/// Whether the words may ask for more than one method.
pub fn may_be_several(brief: &str) -> bool {
    called_names(brief).len() > 1
        || spelled_signatures(brief).len() > 1
        || list_items(brief) > 1
        || words(brief).any(|word| word.eq_ignore_ascii_case("methods"))
        || several_abilities(brief)
        || tells_of_several(brief)
        || counts_things(brief)
        || words(brief).count() > MANY_WORDS
}

/// Whether the words say in so many words that there are several methods; then an object that is to be made with them
/// is one that is to be taught.
pub fn names_methods(brief: &str) -> bool {
    called_names(brief).len() > 1
        || spelled_signatures(brief).len() > 1
        || words(brief).any(|word| word.eq_ignore_ascii_case("methods"))
        || several_abilities(brief)
        || tells_of_several(brief)
}

/// `needs three things: …`: of an object that learns them they are methods.
pub fn counts_things(brief: &str) -> bool {
    const COUNTS: [&str; 4] = ["two", "three", "four", "five"];
    const WANTED: [&str; 7] = ["needs", "need", "learns", "learn", "do", "does", "can"];
    let lower = brief.to_lowercase();
    let Some((before, _)) = lower.split_once(" things:") else {
        return false;
    };
    let mut words = before.split_whitespace().rev();
    let is_count = words
        .next()
        .is_some_and(|count| COUNTS.contains(&count) || count.parse::<u8>().is_ok());
    is_count && words.next().is_some_and(|verb| WANTED.contains(&verb))
}

/// Whether the person wants a method that is there to be another one.
pub fn wants_change(brief: &str, selector: &str) -> bool {
    const ANYWHERE: [&str; 4] = ["anew", "differently", "should now", "change how"];
    const BEFORE_IT: [&str; 6] = ["change", "fix", "improve", "mend", "replace", "rewrite"];
    let spoken: Vec<String> = words(brief).map(str::to_lowercase).collect();
    let spoken = format!(" {} ", spoken.join(" "));
    let said = |words: &str| spoken.contains(&format!(" {words} "));
    ANYWHERE.into_iter().any(said)
        || BEFORE_IT.iter().any(|verb| {
            said(&format!("{verb} {selector}")) || said(&format!("{verb} the {selector}"))
        })
}

/// Whether the words say something of what the method takes or gives back.
pub fn speaks_of_signature(brief: &str, selector: &str) -> bool {
    const SPEAKING: [&str; 14] = [
        "parameter",
        "parameters",
        "argument",
        "arguments",
        "arg",
        "args",
        "return",
        "returns",
        "returning",
        "result",
        "optional",
        "takes",
        "given",
        "gives",
    ];
    called_names(brief).contains(selector)
        || brief.to_lowercase().contains("give back")
        || words(brief).any(|word| SPEAKING.contains(&word.to_lowercase().as_str()))
}

/// Whole signatures that the words spell, such as `fn deposit(&mut self, amount: f64) -> f64`.
pub fn spelled_signatures(brief: &str) -> Vec<Signature> {
    let mut found: Vec<Signature> = Vec::new();
    for start in signature_starts(brief) {
        let text = format!("fn {}", brief.get(start..).unwrap_or_default());
        let line = text.lines().next().unwrap_or_default();
        // The longest start that is one: what follows it is prose.
        let ends = line
            .char_indices()
            .map(|(at, letter)| at + letter.len_utf8());
        let ends: Vec<usize> = ends.take(400).collect();
        let signature = ends.iter().rev().find_map(|end| {
            Signature::parse(
                line.get(..*end)?
                    .trim_end_matches(['`', ';', ',', '.', ' ']),
            )
            .ok()
        });
        if let Some(signature) = signature
            && found.iter().all(|known| known.name != signature.name)
        {
            found.push(signature);
        }
    }
    found
}

/// Where names stand that a receiver follows, `deposit(&mut self`, with `fn` before them or not, or what `fn` stands before.
fn signature_starts(brief: &str) -> BTreeSet<usize> {
    let behind_fn = brief.match_indices("fn ").map(|(at, text)| at + text.len());
    let with_self = brief.match_indices("(&").filter_map(|(at, _)| {
        let rest = brief.get(at + 2..)?.trim_start_matches("mut ");
        let before = brief.get(..at)?;
        let name =
            before.trim_end_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
        rest.starts_with("self").then_some(name.len())
    });
    behind_fn.chain(with_self).collect()
}

/// Names that are written like calls: `deposit(amount)`.
pub fn called_names(brief: &str) -> BTreeSet<&str> {
    brief
        .match_indices('(')
        .filter_map(|(at, _)| {
            let before = brief.get(..at)?;
            let name = before
                .rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .next()?;
            let small = name.chars().all(|letter| !letter.is_uppercase());
            // `String::from("a")` is a value.
            let of_type = before.strip_suffix(name)?.ends_with("::");
            (name.len() > 1 && small && !of_type && is_identifier(name)).then_some(name)
        })
        .collect()
}

/// Lines that begin like those of a list.
fn list_items(brief: &str) -> usize {
    let begins = |line: &str| {
        let line = line.trim_start();
        let bullet = ["- ", "* ", "• "].iter().any(|mark| line.starts_with(mark));
        let digits = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let numbered =
            digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") "));
        bullet || numbered
    };
    brief.lines().filter(|line| begins(line)).count()
}

/// `teach it push, which …, pop, which …, and size for …`: at least two more are named and told of.
fn tells_of_several(brief: &str) -> bool {
    told_names(brief).len() > 1
}

/// The names of methods that the words tell of behind commas: `teach it size, pop which takes one out, and clear, which …`.
pub fn told_names(brief: &str) -> BTreeSet<String> {
    const TELLING: [&str; 4] = ["which", "that", "for", "returning"];
    let spaced = brief
        .to_lowercase()
        .replace([',', ';'], " , ")
        .replace(['.', ':', '!', '('], " . ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let is_teaching = |word: &str| word.starts_with("teach") || word == "methods";
    let Some(begins) = words.iter().position(|word| is_teaching(word)) else {
        return BTreeSet::new();
    };
    let told = words.windows(3).filter_map(|three| match three {
        ["," | "and", name, telling] if TELLING.contains(telling) => Some(*name),
        _ => None,
    });
    let told = told.chain(words.windows(4).filter_map(|four| match four {
        ["," | "and" | "it", name, ",", "which"] => Some(*name),
        _ => None,
    }));
    let mut told: BTreeSet<&str> = told.collect();
    // One that nothing is said of stands before one that is told of: `line_count, and clear, which …`. Slots do too, so only
    // behind what begins the list, and spelled as code.
    let list = words.get(begins..).unwrap_or_default();
    for five in list.windows(5) {
        if let ["," | "and" | "it", name, ",", next, after] = five {
            let next = if *next == "and" { after } else { next };
            if name.contains('_') && told.contains(next) {
                told.insert(name);
            }
        }
    }
    told.into_iter()
        .filter(|name| name.len() > 2 && is_identifier(name))
        .map(str::to_owned)
        .collect()
}

/// `to deposit, withdraw and …`, `can lock and unlock …`, `to lock … and to unlock …`.
fn several_abilities(brief: &str) -> bool {
    let spaced = brief
        .to_lowercase()
        .replace(',', " , ")
        .replace(['.', ';', ':', '!'], " . ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let is_word = |at: usize| {
        words.get(at).is_some_and(|word| {
            word.len() > 2
                && word
                    .chars()
                    .all(|letter| letter.is_ascii_alphabetic() || letter == '_')
        })
    };
    let opens = |word: &str| ["to", "can", "methods"].contains(&word);
    let mut abilities = 0;
    for (at, word) in words.iter().enumerate() {
        if !opens(word) || !is_word(at + 1) {
            continue;
        }
        let next = |by: usize| words.get(at + by).copied().unwrap_or_default();
        let third = ["return", "returns", "give", "gives", "the", "then"];
        let second = is_word(at + 3) && !third.contains(&next(3));
        let listed = next(2) == "," && [",", "and"].contains(&next(4));
        if second && (next(2) == "and" || listed) {
            return true;
        }
        let after_and = at.checked_sub(1).and_then(|before| words.get(before)) == Some(&"and");
        if *word == "to" && (abilities == 0 || after_and) {
            abilities += 1;
        }
    }
    abilities > 1
}
