//! Which of the person's own words belong to which part of a plan.
//!
//! A clause (a line, a sentence, a half of one) belongs to the part that it alone speaks of, or that it begins with. What speaks
//! of no part holds for all of them, unless it only makes the object. Words that speak of several are parted where each is first
//! named, as in `push, which …, pop, which …, and size for …`; where they cannot be, they say only that there are several.

use crate::persona::words::{clauses, words};

/// Letters by which two forms of a word are the same.
const STEM: usize = 5;
/// A clause that begins with a part may have an article or a number before it.
const BEGINNING: usize = 2;
/// The most of what holds for all that each part is told, in characters.
const MOST_GENERAL: usize = 240;
/// Marks in which a name may stand.
const QUOTES: [char; 3] = ['`', '"', '\''];
/// With fewer words, a name in a list says nothing of what it does.
const LEAST_TOLD: usize = 3;

/// The clauses that belong to the part of that name; a documentation test keeps its line, and its result below it.
pub fn words_about(brief: &str, selector: &str, all: &[&str]) -> String {
    let mut text = String::new();
    let mut shows = false;
    for (owner, clause) in pieces(brief, all) {
        let is_own = owner == Owner::Part(selector);
        if !is_own && !shows {
            continue;
        }
        if !text.is_empty() {
            let is_line = asks(clause) || shows;
            text.push(if is_line { '\n' } else { ' ' });
        }
        if is_own {
            text.push_str(&tidy(clause));
        } else {
            text.push_str(clause.trim());
        }
        shows = is_own && asks(clause);
    }
    text
}

/// Whether it is the call of a documentation test, whose result stands below.
fn asks(clause: &str) -> bool {
    clause.trim_start().starts_with(">>>")
}

/// The clauses that speak of no part.
pub fn words_for_all(brief: &str, all: &[&str]) -> String {
    let mut text = String::new();
    let mut shows = false;
    for (owner, clause) in pieces(brief, all) {
        let is_nobodys = owner == Owner::Nobody;
        let is_shown = std::mem::replace(&mut shows, asks(clause) && !is_nobodys);
        if !is_nobodys || is_shown || makes(clause) {
            continue;
        }
        let clause = tidy(clause);
        if clause.ends_with(':') || text.len() + clause.len() > MOST_GENERAL {
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&clause);
    }
    text
}

/// Whether it only tells of the object that there is to be: by the time that a part is written it is there.
fn makes(clause: &str) -> bool {
    const RULES: [&str; 6] = ["never", "must", "only", "always", "refuse", "cannot"];
    let spoken: Vec<String> = words(clause).map(str::to_lowercase).collect();
    let first = |at: usize| spoken.get(at).map_or("", String::as_str);
    let is_wish = match first(0) {
        "make" | "create" | "build" => true,
        "i" | "we" => ["want", "need", "would", "d"].contains(&first(1)),
        _ => false,
    };
    is_wish && !spoken.iter().any(|word| RULES.contains(&word.as_str()))
}

/// What is said, in order, and of which part; clauses of several parts in the pieces that they can be parted in.
fn pieces<'a, 'b>(brief: &'b str, all: &[&'a str]) -> Vec<(Owner<'a>, &'b str)> {
    let mut told: Vec<(Owner<'a>, &'b str)> = Vec::new();
    for clause in clauses(brief) {
        let is_told = |name: &&str| told.iter().any(|(owner, _)| *owner == Owner::Part(name));
        let untold: Vec<&'a str> = all.iter().copied().filter(|name| !is_told(name)).collect();
        let owner = match owner(clause, all) {
            // What it keeps may be called as a method is.
            Owner::Part(_) if makes(clause) => Owner::Nobody,
            owner => owner,
        };
        let parted = match owner {
            Owner::Several => parted(clause, &untold),
            _ => Vec::new(),
        };
        if parted.is_empty() {
            told.push((owner, clause));
        } else {
            told.extend(parted);
        }
    }
    told
}

/// `teach it push, which …, pop, which …, and size for …`: each from its name to the next one's.
fn parted<'a, 'b>(clause: &'b str, untold: &[&'a str]) -> Vec<(Owner<'a>, &'b str)> {
    let mut places: Vec<(usize, &'a str)> = untold
        .iter()
        .filter_map(|selector| {
            let mut places = places_of_name(clause, selector);
            let at = places.find(|at| introduces(clause, *at, selector))?;
            let quoted = clause.get(..at)?.ends_with(QUOTES);
            Some((at - usize::from(quoted), *selector))
        })
        .collect();
    places.sort_unstable();
    if places.len() < 2 {
        return Vec::new();
    }
    let ends = places.iter().skip(1).map(|(at, _)| *at);
    let ends: Vec<usize> = ends.chain([clause.len()]).collect();
    let pieces = places.iter().zip(ends).filter_map(|((at, selector), end)| {
        let piece = without_and(clause.get(*at..end)?);
        let says_more = words(piece).count() >= LEAST_TOLD;
        says_more.then_some((Owner::Part(selector), piece))
    });
    pieces.collect()
}

/// How the words write the call of the method: `fill(amount)`, `fill (an amount)`.
pub fn call_in<'b>(brief: &'b str, selector: &str) -> Option<&'b str> {
    places_of_name(brief, selector).find_map(|at| {
        let rest = brief.get(at..)?;
        let inner = rest.get(selector.len()..)?.trim_start();
        let open = rest.len() - inner.len();
        let end = inner.starts_with('(').then(|| inner.find(')'))??;
        rest.get(..=open + end)
    })
}

/// Where the text has the name as a word of its own.
fn places_of_name<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let places = text.match_indices(name).map(|(at, _)| at);
    places.filter(move |at| {
        let before = text.get(..*at).unwrap_or_default();
        let after = text.get(at + name.len()..).unwrap_or_default();
        !before.ends_with(is_part) && !after.starts_with(is_part)
    })
}

/// Whether what the name stands for is told there: behind a comma, a colon, or one of the words that lists of names have, and before
/// what is said of it.
fn introduces(clause: &str, at: usize, name: &str) -> bool {
    const BEFORE: [&str; 9] = [
        "and", "it", "them", "to", "methods", "method", "also", "plus", "have",
    ];
    const BEHIND: [&str; 7] = ["which", "that", "for", "to", "returning", "returns", "when"];
    let before = clause.get(..at).unwrap_or_default();
    let before = before.trim_end_matches(QUOTES).trim_end();
    let word = words(before).last().unwrap_or_default();
    // An object is named with a capital.
    let is_listed =
        BEFORE.contains(&word.to_lowercase().as_str()) || word.starts_with(char::is_uppercase);
    let begins = before.is_empty()
        || before.ends_with([',', ':', ';'])
        || before.ends_with(word) && is_listed;
    let after = clause.get(at + name.len()..).unwrap_or_default();
    let after = after.trim_start_matches(QUOTES).trim_start();
    let follows = words(after).next().unwrap_or_default();
    begins && (after.starts_with(['(', ',', ':', '-', '–']) || BEHIND.contains(&follows))
}

/// Without the `, and` that leads to the next one.
fn without_and(piece: &str) -> &str {
    let mut piece = piece.trim();
    loop {
        let shorter = piece.trim_end_matches(" to").trim_end_matches(" and");
        let shorter = shorter.trim_end_matches([' ', ',']);
        if shorter.len() == piece.len() {
            return piece;
        }
        piece = shorter;
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Owner<'a> {
    Part(&'a str),
    Several,
    Nobody,
}

fn owner<'a>(clause: &str, all: &[&'a str]) -> Owner<'a> {
    let spoken: Vec<String> = words(clause).map(str::to_lowercase).collect();
    let mut found: Vec<(usize, &'a str)> = all
        .iter()
        .filter_map(|selector| Some((place(&spoken, selector)?, *selector)))
        .collect();
    found.sort_unstable();
    match found.as_slice() {
        [] => Owner::Nobody,
        [(_, one)] => Owner::Part(one),
        [(first, one), ..] if *first <= BEGINNING && begins_like_an_item(clause) => {
            Owner::Part(one)
        }
        _ => Owner::Several,
    }
}

/// `- transfer(to, amount): …`, `transfer(…)`, `transfer: …`: what is told about one by its name.
fn begins_like_an_item(clause: &str) -> bool {
    let clause = clause.trim_start_matches(|letter: char| !letter.is_alphabetic());
    let name = clause.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let after = name
        .and_then(|at| clause.get(at..))
        .unwrap_or_default()
        .trim_start();
    after.starts_with(['(', ':', '-', '–', '`'])
}

/// Where a word, or words in a row, first mean the selector.
fn place(spoken: &[String], selector: &str) -> Option<usize> {
    if let Some(at) = spoken.iter().position(|word| word == selector) {
        return Some(at);
    }
    let parts: Vec<&str> = selector
        .split('_')
        .filter(|part| !part.is_empty())
        .collect();
    let same = |words: &[String]| {
        words
            .iter()
            .zip(&parts)
            .all(|(word, part)| stem(word) == stem(part))
    };
    spoken.windows(parts.len().max(1)).position(same)
}

fn stem(word: &str) -> String {
    word.chars().take(STEM).collect()
}

/// Without the mark of a list and with single spaces.
fn tidy(clause: &str) -> String {
    let clause = clause.trim().trim_start_matches(['-', '*', '•', ' ']);
    clause
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .trim_end_matches(';')
        .to_owned()
}
