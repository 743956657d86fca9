// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn withdraw(&mut self, amount: f64) -> Result<f64, String>
// tries: the outcome is in a variable, which may be `Ok`
// refused: covenant: this `return` leaves without

impl Account {
    pub fn withdraw(&mut self, amount: f64) -> Result<f64, String> {
        self.balance -= amount;
        let outcome = if self.balance < 0.0 { Err("overdrawn".to_string()) } else { Ok(self.balance) };
        if amount < 1e6 {
            return outcome;
        }
        self.mark_changed();
        outcome
    }
}
