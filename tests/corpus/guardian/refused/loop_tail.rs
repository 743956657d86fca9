// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        loop {
            self.count += 1;
            if self.count > n { break Ok(self.count); }
        }
    }
}
