impl Account {
    pub fn touch(&mut self) {
        self.mark_changed();
    }
}
