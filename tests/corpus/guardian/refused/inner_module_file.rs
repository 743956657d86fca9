// refused: forbidden: no modules
impl Account {
    pub fn f(&self) -> i64 {
        mod m;
        1
    }
}
