// struct: Shop { prices: HashMap<String, f64>, discount: Option<f64> }
// signature: fn total(&self, cart: Vec<(String, u32)>) -> Result<f64, String>
// shows: collecting results, `ok_or_else`, `unwrap_or`
// check: {"slots": {"prices": {"tea": 2, "salt": 1}, "discount": 0.5}, "args": [[["tea", 2], ["salt", 1]]], "returns": {"Ok": 2.5}}
// check: {"args": [[["gold", 1]]], "returns": {"Err": "no price for gold"}}

impl Shop {
    pub fn total(&self, cart: Vec<(String, u32)>) -> Result<f64, String> {
        let lines: Result<Vec<f64>, String> = cart
            .iter()
            .map(|(name, count)| {
                let price = self.prices.get(name).ok_or_else(|| format!("no price for {name}"))?;
                Ok(price * f64::from(*count))
            })
            .collect();
        let sum: f64 = lines?.into_iter().sum();
        Ok(sum * (1.0 - self.discount.unwrap_or(0.0)))
    }
}
