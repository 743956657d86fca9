// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn add_all(&mut self, more: Vec<i64>)
// tries: the mark runs once for each item, and there may be none
// refused: covenant: the method ends here without

impl Account {
    pub fn add_all(&mut self, more: Vec<i64>) {
        self.count = 0;
        for item in more {
            self.count += item;
            self.mark_changed();
        }
    }
}
