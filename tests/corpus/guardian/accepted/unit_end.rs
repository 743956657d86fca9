impl Account {
    pub fn push(&mut self, item: i64) {
        self.items.push(item);
        self.mark_changed();
    }
}
