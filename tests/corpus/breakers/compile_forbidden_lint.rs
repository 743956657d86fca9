// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: allows what the module forbids
// refused: compile: E0453

impl Account {
    pub fn go(&self) -> i64 {
        #[allow(unsafe_code)]
        fn helper() -> i64 {
            1
        }
        helper()
    }
}
