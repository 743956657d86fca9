// refused: forbidden: attribute `no_mangle`
impl Account {
    pub fn f(&self) -> i64 {
        #[no_mangle]
        fn g() {}
        1
    }
}
