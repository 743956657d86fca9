// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn deposit(&mut self, amount: f64)
// tries: puts itself in the place of another method
// refused: form: is wanted

impl Account {
    pub fn withdraw(&mut self, amount: f64) {
        self.balance -= amount;
        self.mark_changed();
    }
}
