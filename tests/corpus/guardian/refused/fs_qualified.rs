// refused: forbidden: `std::fs::File`
impl Account {
    pub fn f(&self) -> i64 {
        <std::fs::File>::open("x").map_or(1, |_| 2)
    }
}
