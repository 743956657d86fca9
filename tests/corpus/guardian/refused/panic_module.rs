// refused: forbidden: `std::panic::catch_unwind`
impl Account {
    pub fn f(&self) -> i64 {
        std::panic::catch_unwind(|| 1).unwrap_or(2)
    }
}
