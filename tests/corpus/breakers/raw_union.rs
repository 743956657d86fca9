// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: reads a float's bits through a `union`
// refused: forbidden: a `union` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        union Bits {
            float: f64,
            whole: i64,
        }
        Bits { float: self.balance }.whole
    }
}
