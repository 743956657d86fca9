// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) {
        for i in 0..n {
            self.items.push(i);
        }
    }
}
