// refused: form: generic
impl<'a> Account {
    pub fn f(&self) -> i64 { 1 }
}
