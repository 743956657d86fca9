// refused: form: for `crate::Account`
impl crate::Account {
    pub fn f(&self) -> i64 { 1 }
}
