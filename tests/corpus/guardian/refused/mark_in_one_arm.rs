// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        match n {
            0 => { self.mark_changed(); Ok(0) }
            _ => { self.count = n; Ok(n) }
        }
    }
}
