// refused: forbidden: C strings
impl Account {
    pub fn f(&self) -> i64 {
        c"x".to_bytes().len() as i64
    }
}
