// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn check(&mut self)
// tries: an `assert!` is taken for an end
// refused: covenant: the method ends here without

impl Account {
    pub fn check(&mut self) {
        self.count += 1;
        assert!(self.count < 100, "too many");
    }
}
