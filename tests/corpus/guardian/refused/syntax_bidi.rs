// refused: syntax: U+202E
impl Account {
    pub fn f(&self) -> i64 { /* ‮ */ 1 }
}
