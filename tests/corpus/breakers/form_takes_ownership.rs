// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&mut self) -> i64
// tries: takes the object away from its image
// refused: form: the method takes `mut self`

impl Account {
    pub fn go(mut self) -> i64 {
        self.count += 1;
        self.count
    }
}
