//! ROBIN's answers: what the person asked, with what the system knows of itself.

use std::fmt::Write as _;

use super::scene::Said;
use super::{Prompt, Role};

/// The most of one text said before that is repeated, in characters.
const MOST_SAID: usize = 300;

/// A request for an answer in prose; `facts` are lines about the image and what is remembered, `older` is the digest of
/// what was said before `said`.
pub fn answer(words: &str, facts: &[String], older: Option<&str>, said: &[Said]) -> Prompt {
    let mut text = String::from(
        "About the system: it keeps objects with slots and methods in its image. The person teaches it by \
         typing, for example `teach Account to deposit an amount`; it then writes, proves and keeps a \
         method.\n",
    );
    for fact in facts {
        text.push_str("- ");
        text.push_str(fact);
        text.push('\n');
    }
    if let Some(older) = older {
        text.push_str("\nTalked of long before: ");
        text.push_str(older);
        text.push('\n');
    }
    if !said.is_empty() {
        text.push_str("\nSaid before:\n");
        text.push_str(&lines(said));
    }
    text.push_str("\nThe person says: ");
    text.push_str(words.trim());
    let mut prompt = Prompt::new(Role::Robin, "answer").person(text);
    prompt.max_tokens = 200;
    prompt
}

/// A request to BABS for a few lines on what was said, so that it need not be repeated.
pub fn digest(older: Option<&str>, said: &[Said]) -> Prompt {
    let mut text = String::new();
    if let Some(older) = older {
        text.push_str("Your notes so far: ");
        text.push_str(older);
        text.push_str("\n\n");
    }
    text.push_str("The talk since:\n");
    text.push_str(&lines(said));
    text.push_str(
        "\nWrite your notes anew in at most six short lines: what the person wants, what was made or taught, \
         what failed, names and numbers. Nothing that was not said.",
    );
    let mut prompt = Prompt::new(Role::Babs, "digest").person(text);
    prompt.max_tokens = 160;
    prompt
}

fn lines(said: &[Said]) -> String {
    let mut text = String::new();
    for turn in said {
        let _ = writeln!(text, "Person: {}", short(&turn.person));
        let _ = writeln!(text, "ROBIN: {}", short(&turn.robin));
    }
    text
}

fn short(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(MOST_SAID)
        .collect()
}
