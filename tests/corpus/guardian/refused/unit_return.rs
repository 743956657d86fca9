// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) {
        if n < 0 { return; }
        self.count = n;
        self.mark_changed();
    }
}
