// refused: forbidden: declared anew
impl Account {
    pub fn f(&self) -> i64 {
        struct Result;
        1
    }
}
