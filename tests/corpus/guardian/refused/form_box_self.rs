// refused: form: does not take
impl Account {
    pub fn f(self: Box<Self>) -> i64 { 1 }
}
