// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: takes the system's report of panics away
// refused: forbidden: `std::panic::set_hook` is outside

impl Account {
    pub fn go(&self) -> i64 {
        std::panic::set_hook(Box::new(|_| {}));
        1
    }
}
