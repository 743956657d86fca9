// refused: forbidden: declared anew
impl Account {
    pub fn f(&self) -> i64 {
        fn g<Result>(x: Result) -> Result { x }
        g(1)
    }
}
