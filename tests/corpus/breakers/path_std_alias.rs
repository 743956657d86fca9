// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: `std` under another name
// refused: forbidden: outside of what a method may use

use std as s;
use s::fs;
impl Account {
    pub fn go(&self) -> bool {
        fs::read("/etc/passwd").is_ok()
    }
}
