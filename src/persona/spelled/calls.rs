//! Examples that are written as calls.

use serde_json::Value;

use super::Found;
use super::link::{Outcome, after_link, result};
use crate::method::{Param, Signature, Type};
use crate::persona::literal::literal;

/// `shorten("abc", 2) -> "ab"`, `assert_eq!(shorten("abc", 2), "ab")`, a documentation test, or "return "ab" for shorten("abc", 2)".
pub fn calls<'a>(brief: &'a str, signature: &Signature) -> Vec<Found<'a>> {
    let wanted = plain(&signature.name);
    let mut found = Vec::new();
    let mut end_of_last = 0;
    for (bracket, _) in brief.match_indices('(') {
        let before = brief.get(..bracket).unwrap_or_default();
        let at = before
            .trim_end_matches(|letter: char| letter.is_alphanumeric() || letter == '_')
            .len();
        let Some((before, name)) = before.split_at_checked(at) else {
            continue;
        };
        if plain(name) != wanted {
            continue;
        }
        let inside = brief.get(bracket + 1..).unwrap_or_default();
        let Some((args, rest)) = arguments(inside, &signature.params) else {
            continue;
        };
        let is_second = said_with(before) == Some(end_of_last);
        end_of_last = brief.len() - rest.len();
        if is_second || is_part(before) {
            continue;
        }
        let outcome = called(before, rest, &signature.returns)
            .or_else(|| said_before(before, &signature.returns));
        if let Some(outcome) = outcome {
            found.push(Found {
                at,
                args,
                outcome,
                rest,
            });
        }
    }
    found
}

/// Where what is said together with the call ends, as in "half(4) and half(8) return 2 and 4".
fn said_with(before: &str) -> Option<usize> {
    let before = before.trim_end_matches([' ', '`']);
    let joined = [" and", " or", ",", " plus", " minus"];
    let with = joined.iter().find_map(|word| before.strip_suffix(word))?;
    Some(with.trim_end_matches([' ', '`', ',']).len())
}

/// Whether the call is part of a larger value, or of a condition.
fn is_part(before: &str) -> bool {
    const CONDITIONS: [&str; 8] = [
        "not", "if", "when", "unless", "after", "before", "than", "between",
    ];
    let line = before.lines().next_back().unwrap_or_default();
    let is_bullet = line.ends_with(' ') && matches!(line.trim(), "-" | "*" | "+");
    let before = before.trim_end_matches([' ', '`']);
    let is_operand = before.ends_with(['+', '-', '*', '/', '%', '!', '&', '|']) && !is_bullet;
    let last = before
        .rsplit(|letter: char| !letter.is_alphabetic())
        .next()
        .unwrap_or_default();
    is_operand || CONDITIONS.contains(&last.to_lowercase().as_str())
}

/// A name whatever way its words are joined: translated descriptions keep `camelCase` where the method has underscores.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| *letter != '_');
    letters.flat_map(char::to_lowercase).collect()
}

fn called(before: &str, rest: &str, returns: &Type) -> Option<Outcome> {
    // The call may stand in code marks.
    let rest = rest.strip_prefix('`').unwrap_or(rest);
    let before = before.trim_end();
    if before.ends_with("assert_eq!(")
        && let Some(after) = rest.trim_start().strip_prefix(',')
    {
        return result(after, returns);
    }
    if let Some(after) = after_link(rest).filter(|after| !starts_below(after)) {
        // A comment behind the call may be just that.
        if let Some(outcome) = result(after, returns).filter(|_| !explains(rest, after, returns)) {
            return Some(outcome);
        }
    }
    if !before.ends_with(">>>") {
        return None;
    }
    let (line, below) = rest.split_once('\n')?;
    let line = line.trim();
    if !(line.is_empty() || line.starts_with('#') || line.starts_with("//")) {
        return None;
    }
    // Python shows nothing where nothing is returned.
    let shown = below.lines().next()?.trim();
    if shown.is_empty() || shown.starts_with(">>>") {
        return matches!(returns, Type::Option(_)).then_some(Outcome::Returns(Value::Null));
    }
    // In a comment the line begins with slashes too.
    result(below.trim_start().trim_start_matches('/'), returns)
}

fn starts_below(text: &str) -> bool {
    text.trim_start_matches([' ', '\t', '`', '\r'])
        .starts_with('\n')
}

/// Whether what follows a colon goes on to explain, as in "clamp(7, 0, 5): 7, being above 5, becomes 5".
fn explains(rest: &str, after: &str, returns: &Type) -> bool {
    let is_colon = rest.trim_start_matches([' ', '\t', '`']).starts_with(':');
    let behind = literal(after, returns).map(|(_, behind)| behind);
    let Some(next) = behind.and_then(|behind| behind.trim_start().strip_prefix(',')) else {
        return false;
    };
    let next = next.trim_start();
    let word = next.trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
    is_colon && !word.starts_with('(') && !next.starts_with("and ")
}

/// "it should return [] for" the call, "Return 0 if" the values.
pub fn said_before(before: &str, returns: &Type) -> Option<Outcome> {
    let before = before.trim_end_matches(['`', ' ']);
    let before = [" for", " if", " when"]
        .iter()
        .find_map(|word| before.strip_suffix(word))?;
    let verbs = [
        "return ", "returns ", "Return ", "Returns ", "give ", "gives ",
    ];
    let start = verbs
        .iter()
        .filter_map(|verb| Some(before.rfind(verb)? + verb.len()));
    let said = before.get(start.max()?..)?;
    let said = said.trim_matches([' ', '`']);
    let (value, rest) = literal(said, returns)?;
    rest.trim().is_empty().then_some(Outcome::Returns(value))
}

/// The arguments up to the closing bracket of a call, by name or by place.
pub fn arguments<'a>(text: &'a str, params: &[Param]) -> Option<(Vec<Value>, &'a str)> {
    let mut values: Vec<Option<Value>> = vec![None; params.len()];
    let mut rest = text.trim_start();
    let mut place = 0;
    loop {
        if let Some(after) = rest.strip_prefix(')') {
            let values: Option<Vec<Value>> = values.into_iter().collect();
            return Some((values?, after));
        }
        let named = params
            .iter()
            .enumerate()
            .find_map(|(at, param)| Some((at, assigned_value(rest, &param.name)?)));
        let (at, text) = named.unwrap_or((place, rest));
        let (value, after) = literal(text, &params.get(at)?.ty)?;
        *values.get_mut(at)? = Some(value);
        place += 1;
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None if after.starts_with(')') => after,
            None => return None,
        };
    }
}

/// What follows `name =` or `name:` at the start of the text.
pub fn assigned_value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(name)?;
    let rest = rest.trim_start_matches([' ', '`']);
    let value = rest.strip_prefix(['=', ':'])?;
    (!value.starts_with('=')).then_some(value)
}
