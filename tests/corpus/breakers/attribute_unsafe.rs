// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the newer form of an unsafe attribute
// refused: forbidden: the attribute `unsafe

impl Account {
    pub fn go(&self) -> i64 {
        #[unsafe(no_mangle)]
        fn call(_length: usize) {}
        1
    }
}
