// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: an argument of `inline` that is none
// refused: compile: E0535 or E0534 or E0539 or malformed

impl Account {
    pub fn go(&self) -> i64 {
        #[inline(std, process)]
        fn helper() -> i64 {
            1
        }
        helper()
    }
}
