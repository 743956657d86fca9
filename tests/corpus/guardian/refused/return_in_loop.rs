// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        for i in 0..n {
            if i == 3 { self.count = i; return Ok(i); }
        }
        self.mark_changed();
        Ok(n)
    }
}
