// struct: Account { balance: f64, log: Vec<String> }
// signature: fn withdraw(&mut self, amount: f64, note: &str) -> Result<f64, String>
// shows: several refusals, text and two slots
// check: {"slots": {"balance": 10}, "args": [4, "rent"], "returns": {"Ok": 6}, "after": {"balance": 6, "log": ["rent: 4.00"]}}
// check: {"slots": {"balance": 1}, "args": [4, "rent"], "error": true}
// check: {"slots": {"balance": 1}, "args": [0, "nothing"], "returns": {"Err": "0 is no amount"}}

impl Account {
    pub fn withdraw(&mut self, amount: f64, note: &str) -> Result<f64, String> {
        if !(amount > 0.0) {
            return Err(format!("{} is no amount", amount));
        }
        if amount > self.balance {
            return Err("not enough".to_string());
        }
        self.balance -= amount;
        self.log.push(format!("{}: {:.2}", note, amount));
        self.mark_changed();
        Ok(self.balance)
    }
}
