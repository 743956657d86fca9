// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> String
// tries: text that is not UTF-8
// refused: compile: E0133

impl Account {
    pub fn go(&self) -> String {
        String::from_utf8_unchecked(vec![0xff, 0xfe])
    }
}
