impl Account {
    pub fn noted(&mut self) -> i64 {
        self.count += 1;
        self.mark_changed(); // the slot changed
        // and now the result
        /* really */
        self.count
    }
}
