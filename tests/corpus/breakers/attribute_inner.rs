// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: allows unsafe code for everything around it
// refused: forbidden: an attribute for everything around it

#![allow(unsafe_code)]
impl Account {
    pub fn go(&self) -> i64 {
        1
    }
}
