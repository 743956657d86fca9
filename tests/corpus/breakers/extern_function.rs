// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a function of C's calling convention
// refused: forbidden: `extern` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        pub extern "C" fn call(_length: usize) {}
        call as usize as i64
    }
}
