// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a free function that could be exported
// refused: form: a function stands outside

impl Account {
    pub fn go(&self) -> i64 {
        1
    }
}
pub fn call(_: usize) {}
