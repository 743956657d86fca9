// refused: form: stands inside
impl Account {
    pub fn f(&self) -> i64 {
        impl Drop for Account { fn drop(&mut self) {} }
        1
    }
}
