impl PocketMoney {
    pub fn spend(&mut self, amount: i64) -> Result<i64, String> {
        if amount <= 0 || amount > self.money || self.spent + amount > self.limit {
            return Err(format!("{amount} cannot be spent"));
        }
        self.money -= amount;
        self.spent += amount;
        self.mark_changed();
        Ok(self.money)
    }
}
