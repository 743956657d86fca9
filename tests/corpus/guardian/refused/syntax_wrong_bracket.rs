// refused: syntax: expected `)`
impl Account {
    pub fn f(&self) -> i64 { (1] }
}
