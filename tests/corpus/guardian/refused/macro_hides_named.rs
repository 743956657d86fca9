// refused: forbidden: `std::env::var`
impl Account {
    pub fn f(&self) -> i64 {
        format!("{x}", x = std::env::var("HOME").is_ok()).len() as i64
    }
}
