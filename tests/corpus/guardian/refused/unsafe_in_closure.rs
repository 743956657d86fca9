// refused: forbidden: `unsafe`
impl Account {
    pub fn f(&self) -> i64 {
        let f = || unsafe { 2 };
        f()
    }
}
