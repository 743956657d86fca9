// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        let x = 1 + (return Ok(1));
        self.mark_changed();
        Ok(x)
    }
}
