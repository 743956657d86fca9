// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        let Some(x) = self.items.pop() else { return Ok(0) };
        self.mark_changed();
        Ok(x)
    }
}
