// refused: forbidden: `std::fs::File`
impl Account {
    pub fn f(&self) -> i64 {
        let v = Vec::new();
        v.iter().map(|x: &i64| *x).sum::<std::fs::File>()
    }
}
