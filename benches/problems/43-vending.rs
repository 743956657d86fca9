impl VendingMachine {
    pub fn select(&mut self, item: &str) -> Result<i64, String> {
        let price = match self.prices.get(item) {
            Some(price) => *price,
            None => return Err(format!("there is no {item}")),
        };
        if self.credit < price {
            return Err(format!("{item} costs {price}"));
        }
        match self.stock.get_mut(item) {
            Some(left) if *left > 0 => *left -= 1,
            _ => return Err(format!("{item} is sold out")),
        }
        let change = self.credit - price;
        self.credit = 0;
        self.mark_changed();
        Ok(change)
    }
}
