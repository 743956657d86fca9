// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        struct E;
        impl E { fn Err2(n: i64) -> i64 { n } }
        Ok(E::Err2(n))
    }
}
