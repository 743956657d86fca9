// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self)
// tries: a panic of ten megabytes
// refused: sandbox: panic

impl Account {
    pub fn go(&self) {
        panic!("{}", "x".repeat(10 << 20));
    }
}
