// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn role(&self) -> String
// tries: the same within a string
// refused: syntax: U+2066

impl Account {
    pub fn role(&self) -> String {
        "user⁦ // admin".to_string()
    }
}
