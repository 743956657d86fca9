// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the same, with the object under another name
// refused: form: stands inside the method

impl Account {
    pub fn go(&self) -> i64 {
        type Purse = Account;
        impl Drop for Purse {
            fn drop(&mut self) {}
        }
        1
    }
}
