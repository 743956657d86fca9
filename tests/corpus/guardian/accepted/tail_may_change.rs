impl Account {
    pub fn pop(&mut self) -> Option<i64> {
        self.mark_changed();
        self.items.pop()
    }
}
