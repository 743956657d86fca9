// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        let x = match n {
            0 => return Err("x".to_string()).or(Ok(1)),
            _ => n,
        };
        self.mark_changed();
        Ok(x)
    }
}
