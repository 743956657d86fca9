// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the least number, divided by -1
// refused: sandbox: panic
// check: {"slots": {"count": -9223372036854775808}}

impl Account {
    pub fn go(&self) -> i64 {
        self.count / (self.items.len() as i64 - 1)
    }
}
