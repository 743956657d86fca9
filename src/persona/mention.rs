//! The values that a clause of a brief mentions, and whether those of an example are among them.
//!
//! Each mention counts once: the `3` of `[1, 3, 4]` is no number of its own, and where a clause says "a level of 8"
//! the 8 is either the level or the result. Text counts when it is quoted, or when it is plainly no word of prose.

use serde_json::Value;

/// A value as a clause has it.
#[derive(Debug, Clone, PartialEq)]
enum Mention {
    Number(f64),
    Text(String),
    List(Value),
}

/// What one clause mentions; values are taken out of it as they are found in an example.
pub struct Mentions<'a> {
    clause: &'a str,
    left: Vec<Mention>,
}

const QUOTES: [(char, char); 5] = [('"', '"'), ('`', '`'), ('“', '”'), ('«', '»'), ('\'', '\'')];
const NUMBERS: [&str; 11] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
];

impl<'a> Mentions<'a> {
    pub fn of(clause: &'a str) -> Self {
        let mut left = Vec::new();
        let mut rest = clause;
        let mut word = String::new();
        while let Some(letter) = rest.chars().next() {
            let starts_anew = word.is_empty();
            let found = bracketed(rest)
                .or_else(|| quoted(rest).filter(|_| starts_anew))
                .or_else(|| number(rest).filter(|_| starts_anew));
            let (length, is_mention) = match found {
                Some((mention, length)) => {
                    left.push(mention);
                    (length, true)
                }
                None => (letter.len_utf8(), false),
            };
            if !is_mention && (letter.is_alphanumeric() || letter == '_') {
                word.push(letter);
            } else {
                left.extend(named(&word));
                word.clear();
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        left.extend(named(&word));
        Self { clause, left }
    }

    /// The only list that is left, where it is one.
    pub fn only_list(&self) -> Option<&Value> {
        let mut lists = self.left.iter().filter_map(|mention| match mention {
            Mention::List(list) => Some(list),
            _ => None,
        });
        lists.next().filter(|_| lists.next().is_none())
    }

    /// Takes the value out; false when it is not there.
    pub fn take(&mut self, value: &Value) -> bool {
        match value {
            // Nothing and truth are said in many words.
            Value::Bool(_) => true,
            Value::Null => says(self.clause, &NOTHING),
            Value::Number(number) => {
                number.as_f64().is_some_and(|number| self.take_first(|mention| {
                    matches!(mention, Mention::Number(other) if same(*other, number) || same(-other, number))
                }))
            }
            Value::String(text) if text.trim().is_empty() => {
                self.take_text(text) || says(self.clause, &EMPTY)
            }
            Value::String(text) => self.take_text(text) || self.says_plainly(text),
            Value::Array(items) => {
                self.take_first(|mention| matches!(mention, Mention::List(list) if alike(list, value)))
                    || if items.is_empty() {
                        says(self.clause, &EMPTY)
                    } else {
                        items.iter().all(|item| self.take(item))
                    }
            }
            Value::Object(map) => map.iter().all(|(key, value)| {
                (self.take_text(key) || self.clause.contains(key.as_str())) && self.take(value)
            }),
        }
    }

    /// Whether the clause says that something is refused.
    pub fn says_error(&self) -> bool {
        says(self.clause, &ERROR)
    }

    /// Whether a number is left that nothing was found to be.
    pub fn has_numbers(&self) -> bool {
        let mut left = self.left.iter();
        left.any(|mention| matches!(mention, Mention::Number(_)))
    }

    /// Whether a quoted text or a list is left.
    pub fn has_text(&self) -> bool {
        let mut left = self.left.iter();
        left.any(|mention| !matches!(mention, Mention::Number(_)))
    }

    fn take_text(&mut self, text: &str) -> bool {
        self.take_first(|mention| matches!(mention, Mention::Text(other) if other == text))
    }

    fn take_first(&mut self, is_it: impl Fn(&Mention) -> bool) -> bool {
        let Some(at) = self.left.iter().position(is_it) else {
            return false;
        };
        self.left.remove(at);
        true
    }

    /// Whether it stands there without quotes, and is plainly meant itself: a name, or what is no word.
    fn says_plainly(&self, text: &str) -> bool {
        let is_prose = text
            .chars()
            .all(|letter| letter.is_lowercase() || letter == ' ' || letter == '_');
        !is_prose && self.clause.contains(text)
    }
}

const EMPTY: [&str; 8] = [
    "empty", "nothing", "without", "blank", "no ", "none", "[]", "space",
];
const NOTHING: [&str; 8] = [
    "nothing", "none", "no ", "empty", "without", "not ", "cannot", "n't",
];
const ERROR: [&str; 12] = [
    "err", "refus", "fail", "invalid", "reject", "not ", "n't", "cannot", "must", "illegal",
    "wrong", "unknown",
];

/// Whether something is said to be empty.
pub fn says_empty(clause: &str) -> bool {
    says(clause, &EMPTY)
}

fn says(clause: &str, words: &[&str]) -> bool {
    let clause = clause.to_lowercase();
    words.iter().any(|word| clause.contains(word))
}

/// A list that begins here, and its length in bytes.
fn bracketed(text: &str) -> Option<(Mention, usize)> {
    if !text.starts_with('[') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let list = values.next()?.ok()?;
    Some((Mention::List(list), values.byte_offset()))
}

/// A quoted text that begins here, and its length in bytes. What code marks stand around may be a number or a list.
fn quoted(text: &str) -> Option<(Mention, usize)> {
    let first = text.chars().next()?;
    let (_, end) = QUOTES.into_iter().find(|(start, _)| *start == first)?;
    let inner = text.get(first.len_utf8()..)?;
    let length = inner.find(end)?;
    let content = inner.get(..length)?;
    let mention = match serde_json::from_str(content) {
        Ok(Value::Number(number)) if first == '`' => Mention::Number(number.as_f64()?),
        Ok(list @ Value::Array(_)) if first == '`' => Mention::List(list),
        _ => Mention::Text(content.to_owned()),
    };
    Some((mention, first.len_utf8() + length + end.len_utf8()))
}

/// A number that begins here, and its length in bytes; at the end of a sentence a full stop follows.
fn number(text: &str) -> Option<(Mention, usize)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let length = digits
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != '_')
        .unwrap_or(digits.len());
    let written = text.get(..text.len() - digits.len() + length)?;
    let written = written.trim_end_matches(['.', '_']);
    let number = written.replace('_', "").parse().ok()?;
    Some((Mention::Number(number), written.len()))
}

/// A number that is written as a word.
fn named(word: &str) -> Option<Mention> {
    let lower = word.to_lowercase();
    let number = (0_u8..).zip(NUMBERS).find(|(_, name)| *name == lower)?.0;
    Some(Mention::Number(f64::from(number)))
}

/// Equal, with numbers by their value: `1` is `1.0`.
fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => same(a, b),
            _ => false,
        },
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
        }
        (a, b) => a == b,
    }
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn has(clause: &str, values: &[Value]) -> bool {
        let mut mentions = Mentions::of(clause);
        values.iter().all(|value| mentions.take(value))
    }

    #[test]
    fn each_mention_counts_once() {
        let clause = "With the coins [1, 3, 4] the amount 6 takes 2 coins.";
        assert!(has(clause, &[json!(6), json!([1, 3, 4]), json!(2)]));
        assert!(!has(clause, &[json!(3), json!([1, 3, 4]), json!(2)]));
        assert!(!has("for 4 it is 8", &[json!(4), json!(4)]));
        assert!(has(
            "for 1, 2 and three it is -6.",
            &[json!([1, 2, 3]), json!(-6)]
        ));
    }

    #[test]
    fn text_is_quoted_or_no_prose() {
        assert!(has(
            "\"a(b[c])\" has depth 2.",
            &[json!("a(b[c])"), json!(2)]
        ));
        assert!(has("so `x y` gives «Z»", &[json!("x y"), json!("Z")]));
        assert!(has(
            "Ada gives Hello, Ada",
            &[json!("Ada"), json!("Hello, Ada")]
        ));
        assert!(!has("Count a vote for a choice", &[json!("vote")]));
        assert!(has("a reader's name is 'x'", &[json!("x")]));
    }

    #[test]
    fn what_is_in_quotes_is_no_number() {
        assert!(!has("such as \"1.10\" and \"1.9\"", &[json!(1.9)]));
        assert!(has(
            "such as \"1.10\" and \"1.9\"",
            &[json!("1.10"), json!("1.9")]
        ));
        assert!(has(
            "from `4` it makes `[2, 2]`",
            &[json!(4), json!([2.0, 2])]
        ));
    }

    #[test]
    fn nothing_is_said_in_words() {
        assert!(has("an empty list gives 0", &[json!([]), json!(0)]));
        assert!(!has("the amount 0 needs 0 coins", &[json!([])]));
        assert!(has("for 7 there is nothing", &[json!(7), json!(null)]));
        assert!(!has("for 7 it is 3", &[json!(7), json!(null)]));
    }
}
