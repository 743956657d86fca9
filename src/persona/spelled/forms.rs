//! Examples that are written by the parameters' names, with labels, in lines with arrows, or in a table.

use serde_json::Value;

use super::Found;
use super::calls::{arguments, assigned_value, said_before};
use super::link::{Outcome, after_arrow, after_values, after_words, result};
use crate::method::{Param, Signature, Type};
use crate::persona::literal::literal;
use crate::persona::words::words;

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
        // Another call's named argument is none of this one's.
        if at < end || inside || before.trim_end().ends_with('(') {
            continue;
        }
        let read = assignments(brief.get(at..).unwrap_or_default(), params);
        let Some((args, rest)) = read else {
            continue;
        };
        end = brief.len() - rest.len();
        let outcome = if says_result(before) {
            said_before(before, &signature.returns)
        } else {
            after_values(rest).and_then(|after| result(after, &signature.returns))
        };
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

/// Whether a result is said before the values, in the same line or, with labels, above them; then what follows may be the next one's.
fn says_result(before: &str) -> bool {
    const RESULTS: [&str; 9] = [
        "return",
        "returns",
        "output",
        "result",
        "gives",
        "give",
        "step",
        "steps",
        "explanation",
    ];
    let line = before.rsplit(['\n', ';']).next().unwrap_or_default();
    let line = line.rsplit(". ").next().unwrap_or_default();
    let says = words(line).any(|word| RESULTS.contains(&word.to_lowercase().as_str()));
    says || labels_backwards(before)
}

/// Whether outputs stand above their inputs.
fn labels_backwards(brief: &str) -> bool {
    let lower = brief.to_lowercase();
    match (lower.find("output:"), lower.find("input:")) {
        (Some(output), Some(input)) => output < input,
        (Some(_), None) => true,
        _ => false,
    }
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
    Some((values?, rest)).filter(|_| !goes_on(rest))
}

/// Whether a number goes on, as 1 in "1,200".
fn goes_on(rest: &str) -> bool {
    rest.strip_prefix([',', '.'])
        .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
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
    if params.is_empty() || labels_backwards(brief) {
        return Vec::new();
    }
    let starts = ["Input", "input", "INPUT"]
        .into_iter()
        .flat_map(|word| brief.match_indices(word));
    let found = starts.filter_map(|(at, word)| {
        // "Return 0 if the input is 0, return 1 …"
        if says_result(brief.get(..at)?) {
            return None;
        }
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
    Some((values, rest)).filter(|_| !goes_on(rest))
}

/// Lines such as `[1, 2] -> 3` or `* ("a", 2) => "aa"`, with nothing else before them. A single text or number may as well be the
/// entry of a list that tells something else, unless the lines are called examples.
pub fn arrows<'a>(brief: &'a str, signature: &Signature) -> Vec<Found<'a>> {
    let params = &signature.params;
    let is_plain = match params.as_slice() {
        [] => return Vec::new(),
        [one] => !matches!(one.ty, Type::Vec(_) | Type::Slice(_) | Type::Tuple(_)),
        _ => false,
    };
    let mut at = 0;
    let mut found = Vec::new();
    let mut are_examples = !is_plain;
    for line in brief.split_inclusive('\n') {
        are_examples = are_examples || announces(line);
        if !are_examples {
            at += line.len();
            continue;
        }
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

fn announces(line: &str) -> bool {
    let line = line.to_lowercase();
    ["example", "e.g.", "for instance", "input", "sample"]
        .iter()
        .any(|word| line.contains(word))
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
            has_head = has_head || is_head(row, signature);
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

fn is_head(row: &str, signature: &Signature) -> bool {
    const RESULTS: [&str; 7] = [
        "result", "output", "expected", "returns", "return", "returned", "answer",
    ];
    let cells = row.trim_matches('|').split('|');
    let cells: Vec<&str> = cells.map(|cell| cell.trim().trim_matches('`')).collect();
    let Some((last, names)) = cells.split_last() else {
        return false;
    };
    let names_params = names.len() == signature.params.len()
        && signature
            .params
            .iter()
            .zip(names)
            .all(|(param, cell)| param.name == **cell);
    names_params && (RESULTS.contains(&last.to_lowercase().as_str()) || *last == signature.name)
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
