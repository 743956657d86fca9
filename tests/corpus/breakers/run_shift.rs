// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self, n: u32) -> i64
// tries: shifts further than there are bits
// refused: sandbox: panic
// check: {"args": [64]}

impl Account {
    pub fn go(&self, n: u32) -> i64 {
        1i64 << n
    }
}
