impl Account {
    pub fn maybe(&mut self, n: i64) {
        if n < 0 {
            self.mark_changed();
            return;
        }
        for i in 0..n { self.items.push(i); }
        self.mark_changed();
    }
}
