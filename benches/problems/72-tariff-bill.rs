impl Tariff {
    pub fn bill(&self, units: f64) -> Result<f64, String> {
        if units < 0.0 {
            return Err("the amount is negative".to_string());
        }
        let mut cost = 0.0;
        let mut from = 0.0;
        for (limit, price) in &self.bands {
            if units > from {
                cost += (units.min(*limit) - from) * price;
                from = *limit;
            }
        }
        if units > from {
            cost += (units - from) * self.rest_price;
        }
        Ok(cost)
    }
}
