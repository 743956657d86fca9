// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> String
// tries: another type under the name that the signature carries
// refused: compile: E0107 or E0308

use std::vec::Vec as String;
impl Account {
    pub fn go(&self) -> String {
        String::new()
    }
}
