// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) {
        self.items.push(n)
    }
}
