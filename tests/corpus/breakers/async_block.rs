// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: an `async` block
// refused: forbidden: `async` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        let later = async { 1 };
        drop(later);
        1
    }
}
