// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: global state
// refused: forbidden: `static mut` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        static mut CALLS: i64 = 0;
        1
    }
}
