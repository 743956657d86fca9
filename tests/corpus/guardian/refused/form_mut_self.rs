// refused: form: takes `mut self`
impl Account {
    pub fn f(mut self) -> i64 { 1 }
}
