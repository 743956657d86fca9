// refused: form: second `impl`
impl Account {
    pub fn f(&self) -> i64 { 1 }
}
impl Account { pub fn g(&self) {} }
