//! What a brief says of nothing: an empty list, no words, a text without letters.

use super::words::{clauses, words};

/// Words that speak of nothing.
const OF_NOTHING: [&str; 5] = ["empty", "no", "none", "without", "nothing"];

/// Whether all that the brief says of nothing has this result, a Rust expression such as `0`, `None` or `Vec::new()`.
pub fn agrees_on_nothing(brief: &str, result: &str) -> bool {
    let brief = brief.to_lowercase();
    clauses(&brief)
        .filter(|clause| words(clause).any(|word| OF_NOTHING.contains(&word)))
        .all(|clause| {
            let count =
                |wanted: &[&str]| words(clause).filter(|word| wanted.contains(word)).count();
            match result {
                "0" | "0.0" => count(&["0", "zero"]) > 0,
                "None" => count(&["none", "nothing"]) > 0,
                // "An empty list gives an empty list", "without lines nothing".
                _ => count(&["empty", "nothing", "stays"]) > 1,
            }
        })
}

#[cfg(test)]
mod tests {
    use super::agrees_on_nothing;

    #[test]
    fn another_result_for_nothing_is_heard() {
        for (brief, result) in [
            ("the sum of all", "0"),
            ("of an empty list it is 0", "0"),
            ("An empty list gives an empty text", "String::new()"),
        ] {
            assert!(agrees_on_nothing(brief, result), "{brief}");
        }
        for (brief, result) in [
            ("for an empty list return -1", "0"),
            (
                "the largest, -1 if there are no numbers; f([10, 3]) is 10",
                "0",
            ),
            ("an empty list gives \"-\"", "String::new()"),
        ] {
            assert!(!agrees_on_nothing(brief, result), "{brief}");
        }
    }
}
