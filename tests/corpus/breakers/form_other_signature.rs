// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn transfer(&mut self, amount: f64) -> f64
// tries: another signature than the one asked for, without the receiver that may change slots
// refused: form: is wanted

impl Account {
    pub fn transfer(&self, amount: f64) -> f64 {
        self.balance - amount
    }
}
