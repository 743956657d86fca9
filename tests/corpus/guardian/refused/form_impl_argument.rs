// refused: form: 
impl Account {
    pub fn f(&self, x: impl Fn()) -> i64 { 1 }
}
