// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        let mut f = || { self.mark_changed(); };
        f();
        Ok(n)
    }
}
