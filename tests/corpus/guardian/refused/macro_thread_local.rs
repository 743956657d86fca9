// refused: forbidden: `thread_local!`
impl Account {
    pub fn f(&self) -> i64 {
        thread_local!(static X: i64 = 1);
        1
    }
}
