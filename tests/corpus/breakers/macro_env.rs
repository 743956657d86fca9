// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> String
// tries: the environment of the compiler
// refused: forbidden: the macro `option_env!` is not allowed

impl Account {
    pub fn go(&self) -> String {
        option_env!("HOME").unwrap_or("none").to_string()
    }
}
