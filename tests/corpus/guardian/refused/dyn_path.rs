// refused: forbidden: `std::io::Write`
impl Account {
    pub fn f(&self) -> i64 {
        let w: Option<Box<dyn std::io::Write>> = None;
        1
    }
}
