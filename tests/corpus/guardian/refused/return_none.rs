// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self) -> Option<i64> {
        if self.items.is_empty() { return None; }
        self.mark_changed();
        self.items.pop()
    }
}
