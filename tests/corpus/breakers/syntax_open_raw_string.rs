// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> String
// tries: a raw string whose end has too few hashes, to swallow what stands around the method
// refused: syntax: this raw string never ends

impl Account {
    pub fn go(&self) -> String {
        r##"text"#.to_string()
    }
}
