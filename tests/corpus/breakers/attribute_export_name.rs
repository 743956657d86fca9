// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: exports under a chosen name
// refused: forbidden: the attribute `export_name` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        #[export_name = "memory"]
        fn memory() {}
        1
    }
}
