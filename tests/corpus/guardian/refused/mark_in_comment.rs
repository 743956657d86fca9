// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        self.count = n;
        // self.mark_changed();
        Ok(n)
    }
}
