// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn deposit(&mut self, amount: f64) -> f64
// tries: the mark is there and can never run
// refused: covenant: the method returns this without

impl Account {
    pub fn deposit(&mut self, amount: f64) -> f64 {
        self.balance += amount;
        if false {
            self.mark_changed();
        }
        self.balance
    }
}
