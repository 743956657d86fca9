// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        match n {
            0 => Err("zero".into()),
            _ => Ok(self.items.remove(0)),
        }
    }
}
