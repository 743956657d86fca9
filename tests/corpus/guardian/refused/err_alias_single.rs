// refused: forbidden: `Ok`
impl Account {
    pub fn f(&self) -> i64 {
        use Ok as Err;
        1
    }
}
