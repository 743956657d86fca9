// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> Result<i64, String> {
        if n > 0 {
            match n {
                1 => { self.mark_changed(); Ok(1) }
                2 => if self.count > 2 { self.mark_changed(); Ok(3) } else { Ok(4) },
                _ => Err("no".into()),
            }
        } else {
            Ok(0)
        }
    }
}
