impl PriceWatch {
    pub fn bargains(&self, prices: Vec<u64>) -> Vec<usize> {
        let mut days = Vec::new();
        let mut lowest = prices.first().copied().unwrap_or(0);
        for (day, price) in prices.into_iter().enumerate() {
            if price < lowest {
                days.push(day);
                lowest = price;
            }
        }
        days
    }
}
