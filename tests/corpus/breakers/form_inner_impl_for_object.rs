// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&mut self) -> i64
// tries: an `impl` for the object within the body
// refused: form: stands inside the method

impl Account {
    pub fn go(&mut self) -> i64 {
        impl std::ops::AddAssign<i64> for Account {
            fn add_assign(&mut self, n: i64) {
                self.count = n;
            }
        }
        *self += 3;
        self.mark_changed();
        self.count
    }
}
