// refused: forbidden: `async`
impl Account {
    pub fn f(&self) -> i64 {
        let f = async { 1 };
        1
    }
}
