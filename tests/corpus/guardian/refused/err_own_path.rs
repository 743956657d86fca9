// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        enum E { A(i64) }
        use E::A as Error;
        let Error(x) = Error(n);
        Ok(x)
    }
}
