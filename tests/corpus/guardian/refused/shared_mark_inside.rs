// refused: covenant: `&self` method
impl Account {
    pub fn f(&self) -> i64 {
        if self.count > 0 {
            self.mark_changed();
            return 1;
        }
        self.count
    }
}
