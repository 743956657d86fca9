// refused: form: stands inside
impl Account {
    pub fn f(&self) -> i64 {
        type A = Account;
        impl A { fn g(&self) -> i64 { 2 } }
        1
    }
}
