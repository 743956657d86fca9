impl Account {
    pub fn receive(&mut self, item: String, quantity: i64) -> i64 {
        let stock = self.stock.entry(item).or_insert(0);
        *stock += quantity;
        let result = *stock;
        self.mark_changed();
        result
    }
}
