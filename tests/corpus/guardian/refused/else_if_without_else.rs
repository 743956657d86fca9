// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) {
        if n > 0 {
            self.count = n;
            self.mark_changed();
        } else if n < 0 {
            self.count = -n;
            self.mark_changed();
        }
    }
}
