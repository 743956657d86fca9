// refused: forbidden: `include!`
impl Account {
    pub fn f(&self) -> i64 {
        include!("x.rs")
    }
}
