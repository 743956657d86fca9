impl Account {
    pub fn withdraw(&mut self, amount: f64) -> Option<f64> {
        if amount <= 0.0 {
            self.mark_changed();
            return None;
        }
        if self.balance < amount { self.mark_changed(); return None }
        self.balance -= amount;
        self.mark_changed();
        Some(self.balance)
    }
}
