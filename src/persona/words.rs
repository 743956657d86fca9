//! Words and clauses of what a person says.

/// Names count as one word each, whatever they are made of.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
}

/// Lines, sentences, and what stands between semicolons; each with what ends it.
pub fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['\n', ';'])
        .flat_map(|line| line.split_inclusive(". "))
        .filter(|clause| !clause.trim().is_empty())
}
