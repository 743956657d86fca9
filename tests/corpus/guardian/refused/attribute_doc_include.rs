// refused: forbidden: `include_str!`
impl Account {
    pub fn f(&self) -> i64 {
        #[doc = include_str!("/etc/passwd")]
        fn g() {}
        1
    }
}
