//! ALFRED's word on a method that no example of the person's decided about: one line, for the person to judge by.
//!
//! It decides nothing: the guardian and the checks have.

use super::{Prompt, Role};

/// The most that is kept of it, in characters.
const MOST: usize = 160;

/// The request for a line on what a method does.
pub fn review(brief: &str, source: &str) -> Prompt {
    let text = format!(
        "Asked for: {}\n\nWritten:\n```rust\n{}\n```\n\nIn one line of at most twenty words: what does this method do when it is \
         called, and what that was asked for does it leave out? Only what the code shows.",
        brief.trim(),
        source.trim()
    );
    let mut prompt = Prompt::new(Role::Alfred, "review").person(text);
    prompt.max_tokens = 48;
    prompt
}

/// The first line of the answer, whole sentences where it was cut; `None` when it says nothing.
pub fn read_review(answer: &str) -> Option<String> {
    let line = answer
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())?;
    let line: String = line
        .trim_matches(['"', '`', '*', '-', ' '])
        .chars()
        .take(MOST)
        .collect();
    let end = line.rfind(['.', '!', '?']).map_or(line.len(), |at| at + 1);
    let line = line.get(..end).unwrap_or_default().trim();
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_is_one_line_of_whole_sentences() {
        let read = |text| read_review(text).unwrap_or_default();
        assert_eq!(read("\n  \"It adds both. It does not che"), "It adds both.");
        assert_eq!(read("- It adds both\nand more"), "It adds both");
        assert_eq!(read_review(" \n `` "), None);
    }
}
