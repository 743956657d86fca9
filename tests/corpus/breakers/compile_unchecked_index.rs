// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self, at: usize) -> i64
// tries: reads past the end of a slot without a check
// refused: compile: E0133

impl Account {
    pub fn go(&self, at: usize) -> i64 {
        *self.items.get_unchecked(at)
    }
}
