// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a forbidden trait as a bound
// refused: forbidden: `std::os::fd::AsRawFd` is outside

impl Account {
    pub fn go(&self) -> i64 {
        fn number<T>(value: T) -> i64
        where
            T: std::os::fd::AsRawFd,
        {
            value.as_raw_fd() as i64
        }
        1
    }
}
