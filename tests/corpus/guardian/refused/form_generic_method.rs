// refused: form: generic
impl Account {
    pub fn f<T>(&self) -> i64 { 1 }
}
