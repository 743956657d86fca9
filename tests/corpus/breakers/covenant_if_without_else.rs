// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn reset(&mut self)
// tries: marks only when a condition holds
// refused: covenant: the method ends here without

impl Account {
    pub fn reset(&mut self) {
        self.count = 0;
        if self.balance > 0.0 {
            self.balance = 0.0;
            self.mark_changed();
        }
    }
}
