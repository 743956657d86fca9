// refused: forbidden: `std::io::ErrorKind::NotFound`
impl Account {
    pub fn f(&self) -> i64 {
        match 1 { std::io::ErrorKind::NotFound => 1, _ => 2 }
    }
}
