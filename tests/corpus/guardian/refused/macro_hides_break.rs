// refused: forbidden: argument leaves
impl Account {
    pub fn f(&self) -> i64 {
        loop { let _ = vec![break 1]; }
    }
}
