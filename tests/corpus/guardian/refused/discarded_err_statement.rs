// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) {
        self.count = n;
        Err::<i64, i64>(1);
    }
}
