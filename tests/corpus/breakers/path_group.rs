// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a forbidden module amid a group of good ones
// refused: forbidden: `std::process` is outside

use std::{collections::{BTreeMap, HashMap as Map}, fmt, process as p};
impl Account {
    pub fn go(&self) -> i64 {
        p::exit(0)
    }
}
