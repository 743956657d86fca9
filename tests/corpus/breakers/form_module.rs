// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a module in another file
// refused: form, forbidden: a method has no modules

#[path = "/etc/passwd"]
mod secrets;
impl Account {
    pub fn go(&self) -> i64 {
        1
    }
}
