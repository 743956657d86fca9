// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the module around the method
// refused: forbidden: reaches into the module around

impl Account {
    pub fn go(&self) -> i64 {
        crate::call(0);
        1
    }
}
