// refused: forbidden: `extern`
impl Account {
    pub fn f(&self) -> i64 {
        extern "C" fn g() {}
        1
    }
}
