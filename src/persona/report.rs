//! ROBIN's answers: what the person asked, with what the system knows of itself.

use std::fmt::Write as _;

use super::scene::Said;
use super::{Prompt, Role};

/// The most of one text said before that is repeated, in characters.
const MOST_SAID: usize = 300;

/// What an answer may be made of.
#[derive(Debug, Clone, Default)]
pub struct Grounds<'a> {
    /// Lines about the image.
    pub facts: &'a [String],
    /// What was looked up for these words: knowledge, what the person had remembered.
    pub found: &'a [String],
    /// The digest of what was said before `said`.
    pub older: Option<&'a str>,
    pub said: &'a [Said],
}

/// A request for an answer in prose. What was looked up stands next to the question, where a small model heeds it most.
pub fn answer(words: &str, grounds: &Grounds<'_>) -> Prompt {
    let mut text = String::from(
        "About the system: it keeps objects with slots and methods in its image. The person teaches it by \
         typing, for example `teach Account to deposit an amount`; it then writes, proves and keeps a \
         method.\n",
    );
    for fact in grounds.facts {
        let _ = writeln!(text, "- {fact}");
    }
    if let Some(older) = grounds.older {
        let _ = writeln!(text, "\nTalked of long before: {older}");
    }
    if !grounds.said.is_empty() {
        text.push_str("\nSaid before:\n");
        text.push_str(&lines(grounds.said));
    }
    if !grounds.found.is_empty() {
        text.push_str("\nLooked up for this:\n");
    }
    for found in grounds.found {
        let _ = writeln!(text, "- {}", told(found));
    }
    text.push_str("\nThe person says: ");
    text.push_str(words.trim());
    let mut prompt = Prompt::new(Role::Robin, "answer").person(text);
    prompt.max_tokens = 200;
    prompt
}

/// What was to be remembered, without the wish that it be.
fn told(words: &str) -> &str {
    const WISHES: [&str; 8] = [
        "please remember that ",
        "please remember ",
        "remember that ",
        "remember: ",
        "remember ",
        "note that ",
        "keep in mind that ",
        "for the record, ",
    ];
    let words = words.trim();
    let wished = |wish: &&&str| {
        let start = words.get(..wish.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(wish))
    };
    let wish = WISHES.iter().find(wished).map_or(0, |wish| wish.len());
    words.get(wish..).unwrap_or(words)
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_told_as_it_is_next_to_the_question() {
        let found = ["Remember that the rate is 3 percent.".to_owned()];
        let grounds = Grounds {
            found: &found,
            ..Grounds::default()
        };
        let prompt = answer("what is the rate?", &grounds);
        let (_, text) = prompt.turns.last().unwrap();
        assert!(
            text.ends_with("Looked up for this:\n- the rate is 3 percent.\n\nThe person says: what is the rate?"),
            "{text}"
        );
    }
}
