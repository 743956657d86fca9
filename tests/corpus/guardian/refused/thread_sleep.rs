// refused: forbidden: `std::thread::sleep`
impl Account {
    pub fn f(&self) -> i64 {
        std::thread::sleep(std::time::Duration::from_secs(1));
        1
    }
}
