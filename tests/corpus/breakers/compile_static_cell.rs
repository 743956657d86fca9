// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a static that changes, for state that outlives the call
// refused: compile: E0277

impl Account {
    pub fn go(&self) -> i64 {
        static CALLS: std::cell::Cell<i64> = std::cell::Cell::new(0);
        CALLS.set(CALLS.get() + 1);
        CALLS.get()
    }
}
