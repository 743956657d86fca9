// refused: forbidden: attribute `derive`
impl Account {
    pub fn f(&self) -> i64 {
        #[derive(Clone)]
        struct P;
        1
    }
}
