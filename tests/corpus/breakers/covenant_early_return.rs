// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn withdraw(&mut self, amount: f64) -> f64
// tries: leaves early with a changed slot, marked only at the end
// refused: covenant: this `return` leaves without

impl Account {
    pub fn withdraw(&mut self, amount: f64) -> f64 {
        self.count += 1;
        if amount > self.balance {
            return 0.0;
        }
        self.balance -= amount;
        self.mark_changed();
        self.balance
    }
}
