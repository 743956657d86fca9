// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: closes more braces than it opens, to stand outside of its module
// refused: syntax: closes nothing

impl Account {
    pub fn go(&self) -> i64 {
        1
    }
}
}
#[no_mangle]
pub fn call(length: usize) {
