// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a static cell that outlives the call
// refused: forbidden: `unsafe` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        struct Shared(std::cell::Cell<i64>);
        unsafe impl Sync for Shared {}
        static CALLS: Shared = Shared(std::cell::Cell::new(0));
        CALLS.0.set(CALLS.0.get() + 1);
        CALLS.0.get()
    }
}
