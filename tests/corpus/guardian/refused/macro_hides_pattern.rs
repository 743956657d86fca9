// refused: forbidden: `std::io::ErrorKind::NotFound`
impl Account {
    pub fn f(&self) -> i64 {
        matches!(1, std::io::ErrorKind::NotFound) as i64
    }
}
