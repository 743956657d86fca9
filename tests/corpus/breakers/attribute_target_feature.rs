// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: instructions that the sandbox does not have
// refused: forbidden: the attribute `target_feature` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        #[target_feature(enable = "atomics")]
        fn helper() {}
        1
    }
}
