// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        'a: {
            if n > 3 { break 'a Ok(1); }
            self.mark_changed();
            Ok(n)
        }
    }
}
