// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) {
        'a: loop {
            while self.count < n { self.count += 1; break 'a; }
        }
    }
}
