impl Account {
    pub fn toggle(&mut self) {
        if self.count > 0 {
            self.count = 0;
            self.mark_changed();
        } else {
            self.count = 1;
            self.mark_changed();
        }
    }
}
