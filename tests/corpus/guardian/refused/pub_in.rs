// refused: forbidden: only plain `pub`
impl Account {
    pub fn f(&self) -> i64 {
        pub(in crate::x) fn g() {}
        1
    }
}
