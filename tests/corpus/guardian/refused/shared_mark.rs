// refused: covenant: `&self` method
impl Account {
    pub fn f(&self) -> i64 {
        self.mark_changed();
        self.count
    }
}
