// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: ends the process
// refused: forbidden: `std::process::abort` is outside

impl Account {
    pub fn go(&self) -> i64 {
        std::process::abort()
    }
}
