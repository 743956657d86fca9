// refused: forbidden: `std::sync::atomic::AtomicI64`
impl Account {
    pub fn f(&self) -> i64 {
        static N: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);
        1
    }
}
