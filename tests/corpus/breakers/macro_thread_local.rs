// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: state that outlives the call
// refused: forbidden: the macro `thread_local!` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        thread_local! {
            static CALLS: std::cell::Cell<i64> = std::cell::Cell::new(0);
        }
        CALLS.with(|calls| calls.get())
    }
}
