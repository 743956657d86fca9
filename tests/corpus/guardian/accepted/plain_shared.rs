impl Account {
    pub fn total(&self) -> f64 {
        self.items.iter().map(|x| *x as f64).sum::<f64>() + self.balance
    }
}
