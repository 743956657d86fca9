//! What stands between a call and its result, and the result.

use serde_json::{Value, json};

use crate::method::Type;
use crate::persona::literal::literal;

#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// As a check has it, with `Ok` where the method returns a `Result`.
    Returns(Value),
    Error,
}

const ARROWS: [char; 6] = ['→', '⇒', '➞', '➔', '⟶', '↦'];

/// Words that say that a result follows.
const SAYS_RESULT: [&str; 22] = [
    "is",
    "be",
    "equal",
    "equals",
    "return",
    "returns",
    "returned",
    "give",
    "gives",
    "yield",
    "yields",
    "evaluates",
    "result",
    "results",
    "becomes",
    "makes",
    "output",
    "outputs",
    "answer",
    "produces",
    "comes",
    "get",
];
/// Words that may stand among them.
const AMONG_THEM: [&str; 17] = [
    "should", "must", "would", "will", "to", "the", "it", "this", "that", "then", "function",
    "method", "value", "expected", "so", "out", "you",
];
/// What may come first, when something else stands between.
const PHRASES: [&str; 6] = [
    "output should be",
    "result should be",
    "answer should be",
    "output is",
    "result is",
    "answer is",
];

/// What follows an arrow, or a sign of equality.
pub fn after_arrow(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix(ARROWS) {
        return Some(rest);
    }
    let rest = text.trim_start_matches(['-', '=']);
    let length = text.len() - rest.len();
    match rest.strip_prefix('>') {
        Some(rest) if length > 0 => Some(rest),
        _ => None,
    }
}

/// What follows the link that the text begins with: a sign, in a comment too, or words such as "should return".
pub fn after_link(text: &str) -> Option<&str> {
    let text = text.trim_start_matches([' ', '\t', '`']);
    let text = text
        .strip_prefix('#')
        .or_else(|| text.strip_prefix("//"))
        .unwrap_or(text)
        .trim_start_matches([' ', '\t']);
    if let Some(rest) = after_arrow(text) {
        return Some(rest);
    }
    if let Some(rest) = text.strip_prefix(':') {
        return Some(rest);
    }
    if text.starts_with('=') {
        return Some(text.trim_start_matches('='));
    }
    after_words(text)
}

/// What follows the words that say that a result comes, and a sign after them.
pub fn after_words(text: &str) -> Option<&str> {
    let mut rest = text;
    let mut says = false;
    let mut last = String::new();
    loop {
        let next = rest.trim_start_matches([' ', '\t', '`']);
        let end = next
            .find(|letter: char| !letter.is_alphabetic())
            .unwrap_or(next.len());
        let (word, after) = next.split_at(end);
        let word = word.to_lowercase();
        let results_in = word == "in" && last.starts_with("result");
        if SAYS_RESULT.contains(&word.as_str()) {
            says = true;
        } else if !AMONG_THEM.contains(&word.as_str()) && !results_in {
            break;
        }
        last = word;
        rest = after;
    }
    if !says {
        return None;
    }
    let next = rest.trim_start();
    let sign = after_arrow(next).or_else(|| next.strip_prefix([':', '=']));
    Some(sign.unwrap_or(next))
}

/// What the values of an example are followed by: a link after their punctuation, or later in the clause "the output should be".
pub fn after_values(text: &str) -> Option<&str> {
    let next = text.trim_start_matches([',', ';', ')', '`', ' ', '\t', '\r', '\n']);
    after_link(next).or_else(|| {
        // What comes behind these is about something else.
        const OTHERS: [&str; 8] = [
            "\n",
            ";",
            ". ",
            "otherwise",
            "else",
            " for ",
            " if ",
            " when ",
        ];
        let ends = OTHERS.iter().filter_map(|other| text.find(other));
        let clause = text.get(..ends.min().unwrap_or(text.len()))?;
        let phrases = PHRASES
            .iter()
            .filter_map(|phrase| Some(clause.find(phrase)? + phrase.len()));
        text.get(phrases.min()?..)
    })
}

/// The result that the text begins with.
pub fn result(text: &str, returns: &Type) -> Option<Outcome> {
    let text = text.trim_start();
    let text = text.strip_prefix('`').unwrap_or(text);
    let Type::Result(ok, _) = returns else {
        return ended(literal(text, returns)?, returns).map(Outcome::Returns);
    };
    let is_error = ["Err", "an error", "error", "an `Err"];
    if is_error.iter().any(|start| text.starts_with(start)) {
        return Some(Outcome::Error);
    }
    match literal(text, returns) {
        Some(read) => ended(read, returns),
        None => ended(literal(text, ok)?, ok).map(|value| json!({"Ok": value})),
    }
    .map(Outcome::Returns)
}

/// Words that may follow a result without making it another one, as `times` or `more` would.
const GOES_ON: [&str; 13] = [
    "and", "because", "but", "since", "as", "for", "when", "while", "where", "whereas", "if",
    "not", "so",
];

/// The value when nothing goes on that would make it another, as in `1 + 2`, `4 times`, `1 or 6` or `"a" in capitals`; of a calculation
/// with numbers what it is said to come to, as in `1 + 2 = 3`.
fn ended((value, rest): (Value, &str), ty: &Type) -> Option<Value> {
    let next = rest.trim_start_matches([' ', '\t', '`']);
    let mut letters = next.chars();
    let (Some(first), second) = (letters.next(), letters.next()) else {
        return Some(value);
    };
    let ends = match first {
        // Part of a number or a range.
        '.' => !second.is_some_and(|second| second.is_ascii_digit() || ".=".contains(second)),
        ',' => !second.is_some_and(|second| second.is_ascii_digit()),
        '/' => second == Some('/'),
        first if first.is_alphabetic() => {
            let word: String = next
                .chars()
                .take_while(|letter| letter.is_alphabetic())
                .collect();
            GOES_ON.contains(&word.as_str())
        }
        first => "\r\n;:)]}#([|\"'!?".contains(first),
    };
    if ends {
        return Some(value);
    }
    if value.is_number() {
        return calculated(next, ty);
    }
    None
}

/// What stands behind the last sign of equality of a line with nothing else than a calculation before it.
fn calculated(text: &str, ty: &Type) -> Option<Value> {
    let line = text.lines().next()?;
    let (before, after) = line.rsplit_once('=')?;
    let is_calculation = text.starts_with(['+', '*', '%', '^', '/', '-'])
        && before
            .chars()
            .all(|letter| letter.is_ascii_digit() || "+-*/%^(). =".contains(letter));
    if !is_calculation {
        return None;
    }
    ended(literal(after, ty)?, ty)
}
