// refused: forbidden: `std::fs::read`
impl Account {
    pub fn f(&self) -> i64 {
        matches!(1, x if std::fs::read("x").is_ok()) as i64
    }
}
