impl Warehouse {
    pub fn ship(&mut self, item: &str, quantity: i64) -> Result<i64, String> {
        if quantity <= 0 {
            return Err("the quantity must be positive".to_string());
        }
        let there = match self.stock.get(item) {
            Some(there) => *there,
            None => return Err(format!("there is no {item}")),
        };
        if there < quantity {
            return Err(format!("only {there} of {item}"));
        }
        let left = there - quantity;
        if left == 0 {
            self.stock.remove(item);
        } else {
            self.stock.insert(item.to_string(), left);
        }
        self.mark_changed();
        Ok(left)
    }
}
