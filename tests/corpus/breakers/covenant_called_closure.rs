// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self, really: bool)
// tries: a closure marks, and is called only sometimes
// refused: covenant: the method ends here without

impl Account {
    pub fn bump(&mut self, really: bool) {
        self.count += 1;
        let mut finish = || {
            self.mark_changed();
        };
        if really {
            finish();
        }
    }
}
