// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: counts past the greatest number
// refused: sandbox: panic
// check: {"slots": {"count": 9223372036854775807}}

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.count += 1;
        self.mark_changed();
        self.count
    }
}
