// refused: form: visibility
impl Account {
    pub(crate) fn f(&self) -> i64 { 1 }
}
