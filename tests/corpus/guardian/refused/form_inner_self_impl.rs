// refused: form: stands inside
impl Account {
    pub fn f(&self) -> i64 {
        impl Self { fn g() {} }
        1
    }
}
