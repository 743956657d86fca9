impl Account {
    pub fn clear(&mut self) {
        self.items.clear();
        self.mark_changed()
    }
}
