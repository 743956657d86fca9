// refused: forbidden: argument leaves
impl Account {
    pub fn f(&self) -> i64 {
        assert!(self.items.is_empty() || return 5);
        1
    }
}
