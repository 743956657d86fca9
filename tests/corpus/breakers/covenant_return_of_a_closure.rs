// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn settle(&mut self, fee: f64) -> f64
// tries: the mark stands before a `return` that leaves a closure only
// refused: covenant: the method returns this without

impl Account {
    pub fn settle(&mut self, fee: f64) -> f64 {
        let mut pay = || {
            self.balance -= fee;
            self.mark_changed();
            return self.balance;
        };
        pay()
    }
}
