// refused: covenant: without `self.mark_changed();`
impl Account {
    pub fn f(&mut self, n: i64) -> i64 {
        let stock = self.stock.entry("a".to_string()).or_insert(0);
        *stock += n;
        *stock
    }
}
