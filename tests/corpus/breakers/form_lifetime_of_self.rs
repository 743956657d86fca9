// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&mut self) -> i64
// tries: asks for the object for all time
// refused: form: the method takes

impl Account {
    pub fn go(&'static mut self) -> i64 {
        self.count += 1;
        self.mark_changed();
        self.count
    }
}
