// refused: forbidden: `std::process::Command`
impl Account {
    pub fn f(&self) -> i64 {
        let c = std::process::Command { x: 1 };
        1
    }
}
