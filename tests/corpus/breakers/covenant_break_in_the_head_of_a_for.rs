// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn run(&mut self)
// tries: leaves an endless `loop` from what a `for` within it runs over
// refused: covenant: the method ends here without

impl Account {
    pub fn run(&mut self) {
        loop {
            self.count += 1;
            for _ in { break; [1] } {}
        }
    }
}
