impl Portfolio {
    pub fn buy(&mut self, symbol: &str, shares: f64, price: f64) -> Result<f64, String> {
        if shares <= 0.0 || price <= 0.0 {
            return Err("shares and price must be positive".to_string());
        }
        let cost = shares * price;
        if cost > self.cash {
            return Err("not enough cash".to_string());
        }
        let (held, average) = self.positions.get(symbol).copied().unwrap_or((0.0, 0.0));
        let average = (held * average + cost) / (held + shares);
        self.positions
            .insert(symbol.to_string(), (held + shares, average));
        self.cash -= cost;
        self.mark_changed();
        Ok(average)
    }
}
