impl TitleIndex {
    pub fn by_letter(&self, titles: Vec<String>) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for title in titles {
            if let Some(first) = title.chars().next() {
                *counts.entry(first.to_lowercase().to_string()).or_insert(0) += 1;
            }
        }
        counts
    }
}
