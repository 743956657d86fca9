impl RecentCache {
    pub fn get(&mut self, key: &str) -> Option<String> {
        match self.entries.iter().position(|(known, _)| known == key) {
            Some(place) => {
                let entry = self.entries.remove(place);
                let value = entry.1.clone();
                self.entries.push(entry);
                self.hits += 1;
                self.mark_changed();
                Some(value)
            }
            None => {
                self.misses += 1;
                self.mark_changed();
                None
            }
        }
    }
}
