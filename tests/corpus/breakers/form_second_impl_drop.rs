// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a destructor for the object beside the method
// refused: form: this implements a trait

impl Drop for Account {
    fn drop(&mut self) {
        loop {}
    }
}
impl Account {
    pub fn go(&self) -> i64 {
        1
    }
}
