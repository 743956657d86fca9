// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn deposit(&mut self, amount: f64)
// tries: the mark is the body of a loop that never begins
// refused: covenant: the method ends here without

impl Account {
    pub fn deposit(&mut self, amount: f64) {
        self.balance += amount;
        while false {
            self.mark_changed();
        }
    }
}
