// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self, n: i64) -> i64
// tries: divides by zero
// refused: sandbox: panic
// check: {"args": [0]}

impl Account {
    pub fn go(&self, n: i64) -> i64 {
        self.count % n
    }
}
