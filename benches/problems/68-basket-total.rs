impl Basket {
    pub fn total(&self) -> i64 {
        let mut sum = 0;
        for (_, price, quantity) in &self.items {
            sum += price * (quantity - quantity / 3);
        }
        if sum > 10000 {
            sum * 9 / 10
        } else {
            sum
        }
    }
}
