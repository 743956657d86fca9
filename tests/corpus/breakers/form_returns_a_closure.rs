// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: hands a closure out of the sandbox
// refused: form: 

impl Account {
    pub fn go(&self) -> Box<dyn Fn() -> i64> {
        Box::new(|| 1)
    }
}
