// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        return if n > 0 { self.mark_changed(); Ok(1) } else { Ok(2) };
    }
}
