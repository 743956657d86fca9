impl Account {
    pub fn parse(&mut self, text: String) -> Result<i64, String> {
        let n: i64 = text.trim().parse::<i64>().map_err(|e| e.to_string())?;
        let first = self.items.first().copied().ok_or("empty")?;
        self.count = n + first;
        self.mark_changed();
        Ok(self.count)
    }
}
