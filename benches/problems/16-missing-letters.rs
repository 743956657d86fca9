impl Alphabet {
    pub fn missing(&self, text: &str) -> String {
        let lower = text.to_lowercase();
        ('a'..='z')
            .filter(|letter| !lower.contains(*letter))
            .collect()
    }
}
