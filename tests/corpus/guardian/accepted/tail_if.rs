impl Account {
    pub fn set(&mut self, n: i64) -> bool {
        if n > 0 {
            self.count = n;
            self.mark_changed();
            true
        } else if n == 0 {
            self.mark_changed();
            false
        } else {
            unreachable!()
        }
    }
}
