// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: takes code from a file
// refused: forbidden: the macro `include!` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        include!("/tmp/code.rs")
    }
}
