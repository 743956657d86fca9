// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: an object's name of a megabyte
// refused: sandbox: trap

impl Account {
    pub fn go(&self) -> bool {
        send::<i64>(&"x".repeat(1 << 20), "go", ()).is_ok()
    }
}
