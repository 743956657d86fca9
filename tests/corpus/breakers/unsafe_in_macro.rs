// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> String
// tries: the same as a macro's argument
// refused: forbidden: `unsafe` is not allowed

impl Account {
    pub fn go(&self) -> String {
        format!("{}", unsafe { std::mem::zeroed::<i64>() })
    }
}
