// struct: Account { balance: f64, rate: f64 }
// signature: fn after_years(&self, years: u32) -> f64
// shows: floating-point arithmetic on `&self`
// check: {"slots": {"balance": 100, "rate": 0.5}, "args": [2], "returns": 225}

impl Account {
    pub fn after_years(&self, years: u32) -> f64 {
        self.balance * (1.0 + self.rate).powi(years as i32)
    }
}
