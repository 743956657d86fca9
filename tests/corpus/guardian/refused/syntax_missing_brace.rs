// refused: syntax: never closed
impl Account {
    pub fn f(&self) -> i64 {
        1
    }
