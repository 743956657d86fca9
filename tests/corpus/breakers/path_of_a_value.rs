// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a function's name hides no module of that name
// refused: forbidden: starts with `replace`

impl Account {
    pub fn go(&self) -> i64 {
        use std::mem::replace;
        replace::process::exit(0)
    }
}
