// refused: forbidden: cannot be declared
impl Account {
    pub fn f(&self) -> i64 {
        struct Account { n: i64 }
        impl Account { fn g() {} }
        1
    }
}
