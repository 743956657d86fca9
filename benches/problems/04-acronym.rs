impl Phrases {
    pub fn acronym(&self, phrase: &str) -> String {
        phrase
            .split(|letter: char| letter == ' ' || letter == '-')
            .filter_map(|word| word.chars().next())
            .flat_map(|letter| letter.to_uppercase())
            .collect()
    }
}
