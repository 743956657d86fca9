// refused: forbidden: `unsafe`
impl Account {
    pub fn f(&self) -> i64 {
        struct S;
        unsafe impl Send for S {}
        1
    }
}
