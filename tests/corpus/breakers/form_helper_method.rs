// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&mut self) -> i64
// tries: a second method, which nobody judges for the covenant
// refused: form: there is a second method

impl Account {
    pub fn go(&mut self) -> i64 {
        self.mark_changed();
        self.sneak()
    }

    fn sneak(&mut self) -> i64 {
        self.count += 1;
        self.count
    }
}
