impl Stutter {
    pub fn stretch(&self, text: String) -> String {
        let mut result = String::new();
        for (index, letter) in text.chars().enumerate() {
            for _ in 0..=index {
                result.push(letter);
            }
        }
        result
    }
}
