// refused: form: attribute
impl Account {
    pub fn f(&self, #[cfg(x)] n: i64) -> i64 { 1 }
}
