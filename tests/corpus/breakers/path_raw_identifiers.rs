// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: raw identifiers
// refused: forbidden: `std::process::exit` is outside

impl Account {
    pub fn go(&self) -> i64 {
        r#std::r#process::r#exit(0)
    }
}
