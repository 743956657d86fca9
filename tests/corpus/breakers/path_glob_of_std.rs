// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: everything of std at once
// refused: forbidden: everything in `std` is outside

use std::*;
impl Account {
    pub fn go(&self) -> i64 {
        process::exit(0)
    }
}
