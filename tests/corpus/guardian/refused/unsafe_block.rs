// refused: forbidden: `unsafe`
impl Account {
    pub fn f(&self) -> i64 {
        unsafe { 1 }
    }
}
