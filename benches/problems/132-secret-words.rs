impl SecretWords {
    pub fn disguise(&self, text: &str) -> String {
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let start = word.find(|letter| "aeiou".contains(letter)).unwrap_or(0);
            words.push(format!("{}{}ay", &word[start..], &word[..start]));
        }
        words.join(" ")
    }
}
