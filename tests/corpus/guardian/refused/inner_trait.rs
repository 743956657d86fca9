// refused: forbidden: no traits
impl Account {
    pub fn f(&self) -> i64 {
        trait T { fn g(&self); }
        1
    }
}
