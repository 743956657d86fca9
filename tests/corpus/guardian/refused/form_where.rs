// refused: form: generic
impl Account {
    pub fn f(&self) -> i64 where String: Clone { 1 }
}
