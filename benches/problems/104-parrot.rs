impl Parrot {
    pub fn hear(&mut self, text: &str) -> usize {
        let mut fresh = 0;
        for word in text.split_whitespace() {
            let count = self.words.entry(word.to_lowercase()).or_insert(0);
            if *count == 0 {
                fresh += 1;
            }
            *count += 1;
        }
        self.mark_changed();
        fresh
    }
}
