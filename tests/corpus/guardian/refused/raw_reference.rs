// refused: forbidden: raw pointers
impl Account {
    pub fn f(&self) -> i64 {
        let p = &raw const self.count;
        1
    }
}
