// refused: forbidden: attribute `cfg_attr`
impl Account {
    pub fn f(&self) -> i64 {
        #[cfg_attr(unix, path = "x")]
        fn g() {}
        1
    }
}
