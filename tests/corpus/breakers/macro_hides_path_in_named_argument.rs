// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> String
// tries: a forbidden path as a named argument
// refused: forbidden: `std::thread::current` is outside

impl Account {
    pub fn go(&self) -> String {
        format!("{name:?}", name = std::thread::current().id())
    }
}
