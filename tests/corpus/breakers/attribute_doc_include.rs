// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: reads a file into a doc attribute
// refused: forbidden: the macro `include_str!` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        #[doc = include_str!("/etc/passwd")]
        fn helper() {}
        1
    }
}
