// refused: form: second method
impl Account {
    pub fn f(&self) -> i64 { 1 }
    fn g(&self) {}
}
