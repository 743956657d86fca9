// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        while true { if n > 3 { self.mark_changed(); return Ok(1); } }
        unreachable!() as Result<i64, String>
    }
}
