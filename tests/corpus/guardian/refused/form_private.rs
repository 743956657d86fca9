// refused: form: not public
impl Account {
    fn f(&self) -> i64 { 1 }
}
