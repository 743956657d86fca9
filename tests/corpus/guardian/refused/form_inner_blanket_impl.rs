// refused: form: stands inside
impl Account {
    pub fn f(&self) -> i64 {
        struct S;
        impl<T> From<T> for T { fn from(_: T) -> T { loop {} } }
        1
    }
}
