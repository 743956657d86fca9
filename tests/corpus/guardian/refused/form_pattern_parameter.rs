// refused: form: pattern
impl Account {
    pub fn f(&self, (a, b): (i64, i64)) -> i64 { a + b }
}
