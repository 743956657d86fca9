// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        if n < 0 { return Ok(0); }
        self.count += n;
        self.mark_changed();
        Ok(self.count)
    }
}
