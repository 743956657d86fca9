// struct: Account { balance: f64 }
// signature: fn deposit(&mut self, amount: f64) -> Result<f64, String>
// shows: a refusal by `Err` before anything changes, and one mark
// check: {"args": [2.5], "returns": {"Ok": 2.5}, "after": {"balance": 2.5}}
// check: {"args": [-1], "error": true}

impl Account {
    pub fn deposit(&mut self, amount: f64) -> Result<f64, String> {
        if amount <= 0.0 {
            return Err("amount must be positive".into());
        }
        self.balance += amount;
        self.mark_changed();
        Ok(self.balance)
    }
}
