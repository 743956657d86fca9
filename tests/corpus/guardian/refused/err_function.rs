// refused: forbidden: declared anew
impl Account {
    pub fn f(&self) -> i64 {
        fn Err(x: i64) -> i64 { x }
        Err(1)
    }
}
