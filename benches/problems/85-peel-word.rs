impl PeeledWord {
    pub fn peel(&self, word: &str) -> Vec<String> {
        let mut letters: Vec<char> = word.chars().collect();
        let mut result = Vec::new();
        let mut at_front = true;
        while !letters.is_empty() {
            result.push(letters.iter().collect());
            if at_front {
                letters.remove(0);
            } else {
                letters.pop();
            }
            at_front = !at_front;
        }
        result
    }
}
