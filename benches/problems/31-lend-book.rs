impl Library {
    pub fn lend(&mut self, title: &str, reader: &str) -> Result<usize, String> {
        if !self.titles.iter().any(|owned| owned == title) {
            return Err(format!("{title} is not ours"));
        }
        if self.lent.contains_key(title) {
            return Err(format!("{title} is lent"));
        }
        let has = self.lent.values().filter(|other| *other == reader).count();
        if has >= 2 {
            return Err(format!("{reader} has two books already"));
        }
        self.lent.insert(title.to_string(), reader.to_string());
        self.mark_changed();
        Ok(has + 1)
    }
}
