// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Option<Result<i64, String>> {
        self.count = n;
        Some(Err("x".to_string()))
    }
}
