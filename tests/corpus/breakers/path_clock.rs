// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: the machine's clock
// refused: forbidden: `std::time::SystemTime

impl Account {
    pub fn go(&self) -> bool {
        use std::time::{Duration, SystemTime};
        SystemTime::now().elapsed().unwrap_or(Duration::ZERO).is_zero()
    }
}
