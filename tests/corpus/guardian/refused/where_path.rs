// refused: forbidden: `std::os::fd::AsFd`
impl Account {
    pub fn f(&self) -> i64 {
        fn g<T>(_: T) where T: std::os::fd::AsFd {}
        1
    }
}
