// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: `UnsafeCell`, which the list of paths lets by
// refused: compile: E0133

impl Account {
    pub fn go(&self) -> i64 {
        let cell = std::cell::UnsafeCell::new(1i64);
        let place = cell.get();
        *place
    }
}
