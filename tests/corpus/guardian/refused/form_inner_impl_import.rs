// refused: form: stands inside
impl Account {
    pub fn f(&self) -> i64 {
        use Account as A;
        impl A { fn g(&self) -> i64 { 2 } }
        1
    }
}
