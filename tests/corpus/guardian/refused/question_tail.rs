// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        self.count = n;
        self.items.first().copied().map(Ok::<i64, String>).unwrap_or(Err("x".into()))?;
        Ok(n)
    }
}
