// refused: form: stands inside
impl Account {
    pub fn f(&self) -> i64 {
        impl Account { fn g(&self) -> i64 { 2 } }
        1
    }
}
