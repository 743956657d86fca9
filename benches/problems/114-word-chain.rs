impl WordChain {
    pub fn chain_break(&self, words: Vec<String>) -> Option<String> {
        for index in 1..words.len() {
            if words[index].chars().next() != words[index - 1].chars().last() {
                return Some(words[index].clone());
            }
        }
        None
    }
}
