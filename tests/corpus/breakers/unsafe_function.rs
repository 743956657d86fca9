// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: an unsafe helper
// refused: forbidden: `unsafe` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        unsafe fn peek(at: usize) -> i64 {
            at as i64
        }
        let peek: unsafe fn(usize) -> i64 = peek;
        1
    }
}
