// refused: syntax: comment never ends
impl Account {
    pub fn f(&self) -> i64 { /* /* */ 1 }
}
