// refused: forbidden: `macro_rules!`
impl Account {
    pub fn f(&self) -> i64 {
        macro_rules! m { () => { unsafe { 1 } } }
        1
    }
}
