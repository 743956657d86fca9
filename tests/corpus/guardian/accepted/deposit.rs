impl Account {
    pub fn deposit(&mut self, amount: f64) -> Result<f64, String> {
        if amount <= 0.0 { return Err("amount must be positive".into()); }
        self.balance += amount;
        self.mark_changed();
        Ok(self.balance)
    }
}
