// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn run(&mut self)
// tries: `while true` is left by `break`
// refused: covenant: the method ends here without

impl Account {
    pub fn run(&mut self) {
        while true {
            self.count += 1;
            if self.count > 3 {
                break;
            }
        }
    }
}
