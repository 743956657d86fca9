// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: a thread that outlives the call
// refused: forbidden: `std::thread::spawn` is outside

impl Account {
    pub fn go(&self) -> bool {
        std::thread::spawn(|| loop {}).is_finished()
    }
}
