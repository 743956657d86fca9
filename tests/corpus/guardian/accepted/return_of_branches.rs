impl Account {
    pub fn pick(&mut self, n: i64) -> Result<i64, String> {
        if n > 3 {
            return match n {
                4 => Err("four".into()),
                _ => {
                    self.count = n;
                    self.mark_changed();
                    Ok(n)
                }
            };
        }
        Err("small".into())
    }
}
