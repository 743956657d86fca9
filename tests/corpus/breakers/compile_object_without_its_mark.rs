// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn start_over(&mut self) -> i64
// tries: makes the object from its slots alone
// refused: compile: E0063

impl Account {
    pub fn start_over(&mut self) -> i64 {
        *self = Account { balance: 0.0, log: Vec::new(), count: 0, items: Vec::new(), stock: BTreeMap::new(), note: None };
        self.mark_changed();
        self.count
    }
}
