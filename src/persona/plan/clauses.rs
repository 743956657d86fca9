//! Which of the person's own words belong to which part of a plan.
//!
//! A clause (a line, a sentence, a half of one) belongs to the part that it alone speaks of, or that it begins with. What speaks
//! of no part holds for all of them. Words that speak of several say only that there are several.

use crate::persona::words::{clauses, words};

/// Letters by which two forms of a word are the same.
const STEM: usize = 5;
/// A clause that begins with a part may have an article or a number before it.
const BEGINNING: usize = 2;
/// The most of what holds for all that each part is told, in characters.
const MOST_GENERAL: usize = 240;

/// The clauses that belong to the part of that name; a documentation test keeps its line, and its result below it.
pub fn words_about(brief: &str, selector: &str, all: &[&str]) -> String {
    let mut text = String::new();
    let mut shows = false;
    for clause in clauses(brief) {
        let is_own = owner(clause, all) == Owner::Part(selector);
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
    for clause in clauses(brief) {
        let is_nobodys = owner(clause, all) == Owner::Nobody;
        let is_shown = std::mem::replace(&mut shows, asks(clause) && !is_nobodys);
        if !is_nobodys || is_shown {
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

#[derive(PartialEq)]
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
