// refused: forbidden: `std::fs::read`
impl Account {
    pub fn f(&self) -> i64 {
        vec![std::fs::read("x")].len() as i64
    }
}
