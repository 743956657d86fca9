// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: an attribute behind a condition
// refused: forbidden: the attribute `cfg_attr` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        #[cfg_attr(all(), no_mangle)]
        fn call(_length: usize) {}
        1
    }
}
