// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: counts what has no end
// refused: sandbox: fuel or deadline
// check: {"slots": {"items": [0, 1]}}

impl Account {
    pub fn go(&self) -> usize {
        self.items.iter().cycle().filter(|n| **n > 1).count()
    }
}
