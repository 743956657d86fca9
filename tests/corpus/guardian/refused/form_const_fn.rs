// refused: form: `const`
impl Account {
    pub const fn f(&self) -> i64 { 1 }
}
