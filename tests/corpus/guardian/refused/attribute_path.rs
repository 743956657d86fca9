// refused: forbidden: attribute `path`
impl Account {
    pub fn f(&self) -> i64 {
        #[path = "/etc/passwd"]
        fn g() {}
        1
    }
}
