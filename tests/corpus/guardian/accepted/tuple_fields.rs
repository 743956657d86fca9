impl Account {
    pub fn swap_pair(&mut self, pair: ((i64, i64), f64)) -> i64 {
        let first = pair.0.0 + pair.0 .1;
        self.count = first;
        self.balance = pair.1;
        self.mark_changed();
        first
    }
}
