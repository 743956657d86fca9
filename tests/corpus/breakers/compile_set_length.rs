// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> Vec<i64>
// tries: a list of numbers that nobody has written
// refused: compile: E0133

impl Account {
    pub fn go(&self) -> Vec<i64> {
        let mut all = Vec::with_capacity(64);
        all.set_len(64);
        all
    }
}
