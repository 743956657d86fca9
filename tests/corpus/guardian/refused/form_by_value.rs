// refused: form: takes `self`
impl Account {
    pub fn f(self) -> i64 { 1 }
}
