// refused: forbidden: `std::fs::File`
impl Account {
    pub fn f(&self) -> i64 {
        fn g(_: &std::fs::File) {}
        1
    }
}
