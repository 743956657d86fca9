impl Ledger {
    pub fn transfer(&mut self, from: &str, to: &str, amount: i64) -> Result<(), String> {
        if amount <= 0 {
            return Err("the amount must be positive".to_string());
        }
        if from == to {
            return Err("both accounts are the same".to_string());
        }
        if !self.accounts.contains_key(to) {
            return Err(format!("there is no account {to}"));
        }
        let held = match self.accounts.get_mut(from) {
            Some(held) => held,
            None => return Err(format!("there is no account {from}")),
        };
        if *held < amount {
            return Err("not enough".to_string());
        }
        *held -= amount;
        *self.accounts.entry(to.to_string()).or_insert(0) += amount;
        self.mark_changed();
        Ok(())
    }
}
