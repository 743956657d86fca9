//! The forms in which a brief writes an example.

use serde_json::Value;

use super::link::{Outcome, after_arrow, after_link, after_values, after_words, result};
use crate::method::{Param, Signature, Type};
use crate::persona::literal::literal;

/// An example where it stands.
pub struct Found<'a> {
    /// Where it begins in the brief.
    pub at: usize,
    pub args: Vec<Value>,
    pub outcome: Outcome,
    /// What follows the arguments.
    pub rest: &'a str,
}

/// `shorten("abc", 2) -> "ab"`, `assert_eq!(shorten("abc", 2), "ab")`, a documentation test, or "return "ab" for shorten("abc", 2)".
pub fn calls<'a>(brief: &'a str, signature: &Signature) -> Vec<Found<'a>> {
    let wanted = plain(&signature.name);
    let found = brief.match_indices('(').filter_map(|(bracket, _)| {
        let before = brief.get(..bracket)?;
        let at = before
            .trim_end_matches(|letter: char| letter.is_alphanumeric() || letter == '_')
            .len();
        if plain(before.get(at..)?) != wanted {
            return None;
        }
        let (args, rest) = arguments(brief.get(bracket + 1..)?, &signature.params)?;
        let before = brief.get(..at)?;
        let outcome = called(before, rest, &signature.returns)
            .or_else(|| said_before(before, &signature.returns))?;
        Some(Found {
            at,
            args,
            outcome,
            rest,
        })
    });
    found.collect()
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
    if let Some(after) = after_link(rest) {
        // A comment behind the call may be just that.
        if let Some(outcome) = result(after, returns) {
            return Some(outcome);
        }
    }
    if !before.ends_with(">>>") {
        return None;
    }
    let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
    let line = line.trim();
    if !(line.is_empty() || line.starts_with('#') || line.starts_with("//")) {
        return None;
    }
    let is_blank = below
        .lines()
        .next()
        .is_none_or(|line| line.trim().is_empty());
    if is_blank || below.trim_start().starts_with(">>>") {
        // Python shows nothing where nothing is returned.
        return matches!(returns, Type::Option(_)).then_some(Outcome::Returns(Value::Null));
    }
    // In a comment the line begins with slashes too.
    result(below.trim_start().trim_start_matches('/'), returns)
}

/// "it should return [] for" the call.
fn said_before(before: &str, returns: &Type) -> Option<Outcome> {
    let before = before.trim_end_matches(['`', ' ']).strip_suffix(" for")?;
    let verbs = ["return ", "returns ", "give ", "gives "].iter();
    let start = verbs.filter_map(|verb| Some(before.rfind(verb)? + verb.len()));
    let said = before.get(start.max()?..)?;
    let said = said.trim_matches([' ', '`']);
    let (value, rest) = literal(said, returns)?;
    rest.trim().is_empty().then_some(Outcome::Returns(value))
}

/// The arguments up to the closing bracket of a call, by name or by place.
fn arguments<'a>(text: &'a str, params: &[Param]) -> Option<(Vec<Value>, &'a str)> {
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
fn assigned_value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(name)?;
    let rest = rest.trim_start_matches([' ', '`']);
    let value = rest.strip_prefix(['=', ':'])?;
    (!value.starts_with('=')).then_some(value)
}

/// `for lst = [1, 2] and k = 1 return 3`, or `Input: lst = [1, 2], k = 1` with `Output: 3` below it.
pub fn assigned<'a>(brief: &'a str, signature: &Signature) -> Vec<Found<'a>> {
    let mut found: Vec<Found<'a>> = Vec::new();
    let params = &signature.params;
    let mut starts: Vec<usize> = params
        .iter()
        .flat_map(|param| brief.match_indices(param.name.as_str()))
        .map(|(at, _)| at)
        .collect();
    starts.sort_unstable();
    let mut end = 0;
    for at in starts {
        let before = brief.get(..at).unwrap_or_default();
        let inside = before.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        if at < end || inside {
            continue;
        }
        let read = assignments(brief.get(at..).unwrap_or_default(), params);
        let Some((args, rest)) = read else {
            continue;
        };
        end = brief.len() - rest.len();
        let outcome = after_values(rest).and_then(|after| result(after, &signature.returns));
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

/// A value for each parameter by its name, in any order.
fn assignments<'a>(text: &'a str, params: &[Param]) -> Option<(Vec<Value>, &'a str)> {
    let mut values: Vec<Option<Value>> = vec![None; params.len()];
    let mut rest = text;
    while values.iter().any(Option::is_none) {
        rest = without_separators(rest);
        let (at, value) = params
            .iter()
            .enumerate()
            .filter(|(at, _)| values.get(*at).is_some_and(Option::is_none))
            .find_map(|(at, param)| Some((at, assigned_value(rest, &param.name)?)))?;
        let (value, after) = literal(value, &params.get(at)?.ty)?;
        *values.get_mut(at)? = Some(value);
        rest = after;
    }
    let values: Option<Vec<Value>> = values.into_iter().collect();
    Some((values?, rest))
}

fn without_separators(text: &str) -> &str {
    let next = text.trim_start_matches([',', ';', '`', ' ', '\t', '\r', '\n']);
    for word in ["and ", "with "] {
        if let Some(rest) = next.strip_prefix(word) {
            return rest.trim_start_matches(['`', ' ']);
        }
    }
    next
}

/// `Input: [1, 2], 1` with `Output: 3` below it, or "if the input is [1, 2] and 1, the output should be 3".
pub fn labelled<'a>(brief: &'a str, signature: &Signature) -> Vec<Found<'a>> {
    let params = &signature.params;
    if params.is_empty() {
        return Vec::new();
    }
    let starts = ["Input", "input", "INPUT"]
        .into_iter()
        .flat_map(|word| brief.match_indices(word));
    let found = starts.filter_map(|(at, word)| {
        let rest = brief.get(at + word.len()..)?;
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        let rest = rest.trim_start_matches(['*', ' ']);
        let signs = [":", "=", "is ", "are "].iter();
        let rest = signs.into_iter().find_map(|sign| rest.strip_prefix(sign))?;
        let (args, rest) = values(rest.trim_start_matches('*'), params)?;
        let next = rest.trim_start_matches([',', ';', '`', '*', ' ', '\t', '\r', '\n']);
        let after = after_arrow(next).or_else(|| after_words(next))?;
        let outcome = result(after.trim_start_matches('*'), &signature.returns)?;
        Some(Found {
            at,
            args,
            outcome,
            rest,
        })
    });
    let mut found: Vec<Found<'a>> = found.collect();
    found.sort_by_key(|one| one.at);
    found
}

/// A value for each parameter by its place.
fn values<'a>(text: &'a str, params: &[Param]) -> Option<(Vec<Value>, &'a str)> {
    let mut rest = text;
    let mut values = Vec::new();
    for param in params {
        rest = without_separators(rest);
        let (value, after) = literal(rest, &param.ty)?;
        values.push(value);
        rest = after;
    }
    Some((values, rest))
}

/// Lines such as `[1, 2] -> 3` or `* ("a", 2) => "aa"`, with nothing else before them.
pub fn arrows<'a>(brief: &'a str, signature: &Signature) -> Vec<Found<'a>> {
    let params = &signature.params;
    if params.is_empty() {
        return Vec::new();
    }
    let mut at = 0;
    let mut found = Vec::new();
    for line in brief.split_inclusive('\n') {
        let start = without_bullet(line.trim_start());
        let whole = brief.get(at + line.len() - start.len()..);
        let read = whole.and_then(|text| pointed(text, start, signature));
        if let Some((args, outcome, rest)) = read {
            found.push(Found {
                at,
                args,
                outcome,
                rest,
            });
        }
        at += line.len();
    }
    found
}

fn pointed<'a>(
    text: &'a str,
    line: &str,
    signature: &Signature,
) -> Option<(Vec<Value>, Outcome, &'a str)> {
    let params = &signature.params;
    let by_place = values(text, params);
    let (args, rest) = by_place.or_else(|| arguments(text.strip_prefix('(')?, params))?;
    let next = rest.trim_start_matches([' ', '\t', '`']);
    // The arrow is on the same line.
    if text.len() - next.len() >= line.len() {
        return None;
    }
    let after = after_arrow(next)?;
    let outcome = result(after, &signature.returns)?;
    Some((args, outcome, rest))
}

/// A line without what marks it as one of a list, or as an example.
fn without_bullet(line: &str) -> &str {
    let line = ["Example:", "Examples:", "example:", "e.g.", "E.g."]
        .iter()
        .find_map(|label| line.strip_prefix(label))
        .unwrap_or(line)
        .trim_start();
    let line = line
        .strip_prefix(['*', '-', '•'])
        .filter(|rest| rest.starts_with(' '))
        .unwrap_or(line);
    let digits = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let numbered = [". ", ") "].iter().find_map(|end| digits.strip_prefix(end));
    match numbered {
        Some(rest) if digits.len() < line.len() => rest.trim_start(),
        _ => line.trim_start(),
    }
}

/// The rows of a table whose head names the parameters in their order, with one more column for the result.
pub fn rows<'a>(brief: &'a str, signature: &Signature) -> Vec<Found<'a>> {
    let mut at = 0;
    let mut has_head = false;
    let mut found = Vec::new();
    for line in brief.split_inclusive('\n') {
        let row = line.trim();
        if row.starts_with('|') {
            has_head = has_head || is_head(row, &signature.params);
            let start = at + line.find('|').unwrap_or_default() + 1;
            let rest = brief.get(start..).unwrap_or_default();
            if let Some((args, outcome)) = row_of(rest, signature).filter(|_| has_head) {
                found.push(Found {
                    at,
                    args,
                    outcome,
                    rest,
                });
            }
        } else {
            has_head = false;
        }
        at += line.len();
    }
    found
}

fn is_head(row: &str, params: &[Param]) -> bool {
    let cells: Vec<&str> = row
        .trim_matches('|')
        .split('|')
        .map(|cell| cell.trim().trim_matches('`'))
        .collect();
    cells.len() == params.len() + 1
        && params
            .iter()
            .zip(&cells)
            .all(|(param, cell)| param.name == **cell)
}

fn row_of(text: &str, signature: &Signature) -> Option<(Vec<Value>, Outcome)> {
    let mut rest = text;
    let mut args = Vec::new();
    for param in &signature.params {
        let cell = rest.trim_start_matches([' ', '`']);
        let (value, after) = literal(cell, &param.ty)?;
        args.push(value);
        rest = after.trim_start_matches([' ', '`']).strip_prefix('|')?;
    }
    Some((args, result(rest, &signature.returns)?))
}
