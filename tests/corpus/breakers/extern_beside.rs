// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the same before the `impl`
// refused: form, forbidden: `extern` is not allowed

extern "C" {
    fn send(object: *const u8) -> usize;
}
impl Account {
    pub fn go(&self) -> i64 {
        1
    }
}
