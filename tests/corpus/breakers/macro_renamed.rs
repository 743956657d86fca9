// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a macro under the name of an allowed one
// refused: forbidden: `std::println` is outside

impl Account {
    pub fn go(&self) -> i64 {
        use std::println as format;
        format!("x");
        1
    }
}
