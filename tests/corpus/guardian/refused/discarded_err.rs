// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) {
        self.count = n;
        match n {
            0 => Err::<i64, String>("x".into()),
            _ => Err("y".into()),
        };
    }
}
