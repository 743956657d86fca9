// refused: forbidden: `union`
impl Account {
    pub fn f(&self) -> i64 {
        union U { a: i64, b: f64 }
        1
    }
}
