impl WordNest {
    pub fn nest(&self, word: &str, depth: usize) -> String {
        let mut result = word.to_string();
        for _ in 0..depth {
            result = format!("({result}|{result})");
        }
        result
    }
}
