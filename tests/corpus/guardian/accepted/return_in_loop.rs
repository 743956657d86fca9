impl Account {
    pub fn remove(&mut self, item: i64) -> bool {
        for i in 0..self.items.len() {
            if self.items[i] == item {
                self.items.remove(i);
                self.mark_changed();
                return true;
            }
        }
        self.mark_changed();
        false
    }
}
