// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: a method for a type of std
// refused: form: the `impl` block is for `String`

impl String {
    pub fn go(&self) -> usize {
        self.len()
    }
}
