// refused: form: something else
impl Account {
    const N: i64 = 1;
    pub fn f(&self) -> i64 { Self::N }
}
