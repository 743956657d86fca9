impl WordStats {
    pub fn top(&self, text: &str, count: usize) -> Vec<(String, i64)> {
        let lower = text.to_lowercase();
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for word in lower.split(|letter: char| !letter.is_alphabetic() && letter != '\'') {
            if word.chars().any(char::is_alphabetic) {
                *counts.entry(word.to_string()).or_insert(0) += 1;
            }
        }
        let mut order: Vec<(String, i64)> = counts.into_iter().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        order.truncate(count);
        order
    }
}
