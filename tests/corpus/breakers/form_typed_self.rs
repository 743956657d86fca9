// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&mut self) -> i64
// tries: a receiver in long form, which the covenant does not see
// refused: form: does not take `&self`

impl Account {
    pub fn go(self: &mut Self) -> i64 {
        self.count += 1;
        self.count
    }
}
