//! Conversions that the guardian writes in where rustc proposes none: what they make of a body.

use batos::guardian::{convert_mismatches, rewrite_idioms};
use batos::method::{CompileError, apply_suggestions};

use super::try_compile;

const STRUCT: &str = "Tool { level: i64, share: f64, marks: Vec<i64>, names: Vec<String>, counts: BTreeMap<String, i64> }";

/// The body as it builds after mechanical repairs; at most eight.
fn repaired(signature: &str, body: &str) -> String {
    let start = format!("impl Tool {{\n    pub {signature} {{\n");
    let mut source = format!("{start}        {body}\n    }}\n}}\n");
    for _ in 0..8 {
        match try_compile(STRUCT, signature, &source) {
            Ok(_) => {
                let body = source.strip_prefix(&start).unwrap();
                return body
                    .strip_suffix("\n    }\n}\n")
                    .unwrap()
                    .trim_start()
                    .to_owned();
            }
            Err(CompileError::Refused(diagnostics)) => {
                let next = rewrite_idioms(&source, &diagnostics)
                    .or_else(|| apply_suggestions(&source, &diagnostics))
                    .or_else(|| convert_mismatches(&source, &diagnostics));
                source = next.unwrap_or_else(|| panic!("{source}\n{diagnostics:?}"));
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("no end: {source}")
}

#[test]
fn both_sides_of_an_operator_get_the_type_that_holds_more() {
    let cases = [
        (
            "fn a(&self, n: u64, base: u32) -> u64",
            "n % base",
            "n % (base as u64)",
        ),
        (
            "fn a(&self, n: i64, small: u8) -> i64",
            "small * n",
            "(small as i64) * n",
        ),
        (
            "fn a(&self, n: usize) -> f64",
            "self.share / n",
            "self.share / (n as f64)",
        ),
        ("fn a(&self, n: u32) -> f64", "2.0 * n", "2.0 * (n as f64)"),
        (
            "fn a(&self, n: usize) -> f64",
            "(self.marks.len() + n) * self.share",
            "((self.marks.len() + n) as f64) * self.share",
        ),
        (
            "fn a(&self, digit: u8) -> u8",
            "digit + 'a'",
            "digit + b'a'",
        ),
        (
            "fn a(&self, letter: char) -> u8",
            "letter - 'a'",
            "(letter as u8) - b'a'",
        ),
    ];
    for (signature, body, expected) in cases {
        assert_eq!(repaired(signature, body), expected, "{signature} {body}");
    }
}

#[test]
fn what_is_assigned_indexed_or_returned_is_converted() {
    let cases = [
        (
            "fn a(&self, n: u64) -> u64",
            "let mut all = n; let part: u32 = 3; all += part; all",
            "let mut all = n; let part: u32 = 3; all += part as u64; all",
        ),
        (
            "fn a(&self, n: u64) -> u64",
            "let mut all = n; let part: u32 = 3; all = part; all",
            "let mut all = n; let part: u32 = 3; all = part as u64; all",
        ),
        (
            "fn a(&self, at: i64) -> i64",
            "self.marks[at]",
            "self.marks[at as usize]",
        ),
        (
            "fn a(&self, at: i64) -> Vec<i64>",
            "self.marks[at - 1..at].to_vec()",
            "self.marks[((at - 1) as usize)..(at as usize)].to_vec()",
        ),
        (
            "fn a(&self, x: i64, y: i64) -> i64",
            "x.cmp(&y)",
            "x.cmp(&y) as i64",
        ),
        (
            "fn a(&self, digit: u8) -> char",
            "digit + b'0'",
            "(digit + b'0') as char",
        ),
    ];
    for (signature, body, expected) in cases {
        assert_eq!(repaired(signature, body), expected, "{signature} {body}");
    }
}

#[test]
fn a_result_is_taken_apart_as_one() {
    let body = "if let Some(n) = text.parse::<i64>() { n } else { 0 }";
    assert_eq!(
        repaired("fn a(&self, text: &str) -> i64", body),
        body.replace("Some(", "Ok(")
    );
    let body = "match self.marks.first() { Ok(n) => *n, _ => 0 }";
    assert_eq!(
        repaired("fn a(&self) -> i64", body),
        body.replace("Ok(", "Some(")
    );
}

#[test]
fn a_result_that_borrows_a_slot_is_made_before_the_mark() {
    let signature = "fn a(&mut self, name: &str) -> Result<i64, String>";
    let body = "let entry = self.counts.entry(name.to_string()).or_insert(0);
        *entry += 1;
        self.mark_changed();
        Ok(*entry)";
    assert_eq!(
        repaired(signature, body),
        body.replace(
            "self.mark_changed();\n        Ok(*entry)",
            "let outcome = Ok(*entry);\n        self.mark_changed();\n        outcome"
        )
    );
    let body = "if let Some(entry) = self.counts.get_mut(name) {
            *entry += 1;
            self.mark_changed();
            return Ok(*entry);
        }
        Err(String::new())";
    let repaired = repaired(signature, body);
    assert!(repaired.contains("let outcome = Ok(*entry);"), "{repaired}");
    assert!(repaired.contains("return outcome;"), "{repaired}");
}

#[test]
fn habits_of_other_languages_are_rewritten() {
    let cases = [
        (
            "fn a(&self, text: &str) -> String",
            "text.split(' ').filter_map(|word| word.chars().next()).map(|first| first.to_uppercase()).collect::<String>()",
            ".map(|first| first.to_uppercase()).map(|part| part.to_string()).collect::<String>()",
        ),
        (
            "fn a(&self) -> Vec<char>",
            "let all: Vec<char> = (b'a'..=b'z').collect(); all",
            "(b'a'..=b'z').map(char::from).collect()",
        ),
        (
            "fn a(&self) -> Vec<i64>",
            "self.marks.iter().filter(|mark| **mark > 1).collect()",
            ".filter(|mark| **mark > 1).cloned().collect()",
        ),
        (
            "fn a(&self, text: &str) -> Vec<String>",
            "text.chars().collect()",
            "text.chars().map(|part| part.to_string()).collect()",
        ),
        (
            "fn a(&self, text: &str, at: usize) -> bool",
            "text[at].is_ascii_digit()",
            "text.chars().nth(at).unwrap().is_ascii_digit()",
        ),
        (
            "fn a(&self, text: &str) -> String",
            "let mut all = text.to_string(); all.reverse(); all",
            "all = all.chars().rev().collect(); all",
        ),
        (
            "fn a(&self, name: &str) -> bool",
            "self.names.contains(name)",
            "self.names.contains(&name.to_string())",
        ),
        (
            "fn a(&self, name: &str) -> bool",
            "self.names.contains(&name)",
            "self.names.contains(&name.to_string())",
        ),
        (
            "fn a(&self, name: &str) -> i64",
            "self.counts[&name]",
            "self.counts[name]",
        ),
        (
            "fn a(&self, n: i64) -> String",
            "let mut all = String::new(); all.push(n.to_string()); all",
            "all.push_str(&n.to_string());",
        ),
    ];
    for (signature, body, expected) in cases {
        let repaired = repaired(signature, body);
        assert!(
            repaired.contains(expected),
            "{signature} {body}: {repaired}"
        );
    }
}

#[test]
fn a_maps_value_is_changed_in_place() {
    let signature = "fn a(&mut self, name: &str)";
    let changed = repaired(
        signature,
        "self.counts[name] -= 1;\n        self.mark_changed();",
    );
    assert!(
        changed.contains("*self.counts.get_mut(name).unwrap() -= 1;"),
        "{changed}"
    );
    let changed = repaired(
        signature,
        "self.counts[name] = 1;\n        self.mark_changed();",
    );
    assert!(
        changed.contains("self.counts.insert(name.to_owned(), 1);"),
        "{changed}"
    );
}

#[test]
fn what_is_no_matter_of_numbers_is_left() {
    for (signature, body) in [
        ("fn a(&self) -> i64", "self.nothing"),
        ("fn a(&self) -> i64", "\"text\" * 2"),
        ("fn a(&self) -> Vec<i64>", "self.level"),
    ] {
        let source = format!("impl Tool {{\n    pub {signature} {{\n        {body}\n    }}\n}}\n");
        let Err(CompileError::Refused(diagnostics)) = try_compile(STRUCT, signature, &source)
        else {
            panic!("{body}");
        };
        assert_eq!(rewrite_idioms(&source, &diagnostics), None, "{body}");
        assert_eq!(convert_mismatches(&source, &diagnostics), None, "{body}");
    }
}

#[test]
fn slips_with_iterators_are_mended() {
    let cases = [
        (
            "fn a(&self, text: &str) -> usize",
            "let mut n = 0; for &c in text.chars() { if c == 'a' { n += 1; } } n",
            "let mut n = 0; for c in text.chars() { if c == 'a' { n += 1; } } n",
        ),
        (
            "fn a(&self, pairs: Vec<(f64, f64)>) -> f64",
            "let mut sum = 0.0; for &(_, weight) in pairs { sum += weight; } sum",
            "let mut sum = 0.0; for (_, weight) in pairs { sum += weight; } sum",
        ),
        (
            "fn a(&self, values: Vec<f64>) -> Vec<f64>",
            "values.into_iter().filter(|&x| x > 1.0).cloned().collect()",
            "values.into_iter().filter(|&x| x > 1.0).collect()",
        ),
        (
            "fn a(&self, mut values: Vec<f64>) -> Vec<f64>",
            "values.sort(); values",
            "values.sort_by(|a, b| a.total_cmp(b)); values",
        ),
        (
            "fn a(&self, values: Vec<f64>) -> Option<f64>",
            "values.into_iter().max()",
            "values.into_iter().max_by(|a, b| a.total_cmp(b))",
        ),
        (
            "fn a(&self, paid: BTreeMap<String, i64>) -> BTreeMap<String, i64>",
            "paid.iter().map(|(name, amount)| (name, amount - 1)).collect()",
            "paid.iter().map(|(name, amount)| (name, amount - 1)).map(|(key, value)| (key.clone(), value)).collect()",
        ),
        (
            "fn a(&self, text: &str) -> Option<Vec<u64>>",
            "text.split('x').map(|part| part.parse::<u64>()).collect()",
            "text.split('x').map(|part| part.parse::<u64>()).map(|part| part.ok()).collect()",
        ),
        (
            "fn a(&self, text: &str) -> Option<u64>",
            "let n = text.parse::<u64>()?; Some(n)",
            "let n = text.parse::<u64>().ok()?; Some(n)",
        ),
        (
            "fn a(&self, n: usize) -> usize",
            "(0..n).iter().sum()",
            "(0..n).sum()",
        ),
    ];
    for (signature, body, expected) in cases {
        assert_eq!(repaired(signature, body), expected, "{signature} {body}");
    }
}

#[test]
fn slips_with_characters_and_names_are_mended() {
    let cases = [
        (
            "fn a(&self, text: &str) -> Option<char>",
            "text.chars().get(1)",
            "text.chars().clone().nth(1)",
        ),
        (
            "fn a(&self, text: &str) -> usize",
            "text.chars().len()",
            "text.chars().clone().count()",
        ),
        (
            "fn a(&self, text: &str) -> bool",
            "text.split_whitespace().is_empty()",
            "text.split_whitespace().clone().next().is_none()",
        ),
        (
            "fn a(&self, text: &str) -> String",
            "let letters: Vec<char> = text.chars().collect(); letters.join(\"\")",
            "let letters: Vec<char> = text.chars().collect(); letters.iter().collect::<String>()",
        ),
        (
            "fn a(&self, text: &str) -> String",
            "let letters: Vec<char> = text.chars().collect(); letters.to_string()",
            "let letters: Vec<char> = text.chars().collect(); letters.iter().collect::<String>()",
        ),
        (
            "fn a(&self, text: &str) -> bool",
            "text.contains(&'x')",
            "text.contains('x')",
        ),
        (
            "fn a(&self, text: &str) -> usize",
            "text.split(|c| !c.is_alphabetic()).count()",
            "text.split(|c: char| !c.is_alphabetic()).count()",
        ),
        (
            "fn a(&self, n: i64) -> i64",
            "max(n, 1)",
            "std::cmp::max(n, 1)",
        ),
        (
            "fn a(&self, text: &str) -> String",
            "text.toUpperCase()",
            "text.to_uppercase()",
        ),
        (
            "fn a(&self, names: Vec<String>) -> Result<String, String>",
            "if names.is_empty() { return Err(\"none\".to_string()); } names.join(\" \")",
            "if names.is_empty() { return Err(\"none\".to_string()); } Ok(names.join(\" \"))",
        ),
    ];
    for (signature, body, expected) in cases {
        assert_eq!(repaired(signature, body), expected, "{signature} {body}");
    }
}
