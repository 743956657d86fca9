// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self, n: i64) -> i64
// tries: changes, marks and panics
// refused: sandbox: panic
// check: {"args": [3]}

impl Account {
    pub fn bump(&mut self, n: i64) -> i64 {
        self.count += n;
        if self.count > 2 {
            panic!("enough");
        }
        self.mark_changed();
        self.count
    }
}
