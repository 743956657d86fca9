// refused: form: takes `&'static self`
impl Account {
    pub fn f(&'static self) -> i64 { 1 }
}
