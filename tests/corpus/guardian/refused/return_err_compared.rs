// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> bool {
        self.count = n;
        return Err::<i64, i64>(1) == Ok(n)
    }
}
