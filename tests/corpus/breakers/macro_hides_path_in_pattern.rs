// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: a forbidden path in the guard of `matches!`
// refused: forbidden: `std::env::args` is outside

impl Account {
    pub fn go(&self) -> bool {
        matches!(self.count, n if n == std::env::args().count() as i64)
    }
}
