// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self)
// tries: a line of the log that is longer than lines may be
// refused: sandbox: trap

impl Account {
    pub fn go(&self) {
        log("x".repeat(1 << 20));
    }
}
