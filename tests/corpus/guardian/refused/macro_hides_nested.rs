// refused: forbidden: `std::env::var`
impl Account {
    pub fn f(&self) -> i64 {
        vec![vec![format!("{}", { let f = || std::env::var("A").is_ok(); f() })]].len() as i64
    }
}
