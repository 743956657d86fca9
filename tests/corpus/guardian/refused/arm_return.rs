// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        let x = match n {
            0 => return Ok(0),
            _ => n,
        };
        self.mark_changed();
        Ok(x)
    }
}
