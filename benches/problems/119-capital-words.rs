impl Headline {
    pub fn capital_words(&self, text: &str) -> usize {
        text.split_whitespace()
            .filter(|word| word.starts_with(|first: char| first.is_ascii_uppercase()))
            .count()
    }
}
