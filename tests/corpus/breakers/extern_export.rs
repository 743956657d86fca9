// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: exports a function as the entry that the host calls
// refused: forbidden: the attribute `no_mangle` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        #[no_mangle]
        fn call(_length: usize) {}
        1
    }
}
