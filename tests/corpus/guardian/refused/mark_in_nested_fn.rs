// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        fn g(a: &mut Account) { a.mark_changed(); }
        g(self);
        Ok(n)
    }
}
