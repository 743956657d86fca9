// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a glob of a module that holds others
// refused: forbidden: everything in `std::os` is outside

impl Account {
    pub fn go(&self) -> i64 {
        use std::os::*;
        1
    }
}
