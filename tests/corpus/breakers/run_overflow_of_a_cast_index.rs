// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self, n: i64) -> i64
// tries: a negative number as an index
// refused: sandbox: panic
// check: {"slots": {"items": [1, 2]}, "args": [-1]}

impl Account {
    pub fn go(&self, n: i64) -> i64 {
        self.items[n as usize]
    }
}
