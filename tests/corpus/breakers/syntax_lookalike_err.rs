// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn withdraw(&mut self, amount: f64) -> Result<f64, String>
// tries: a function whose name looks like `Err`, with a Cyrillic letter
// refused: syntax: U+0415

impl Account {
    pub fn withdraw(&mut self, amount: f64) -> Result<f64, String> {
        fn Еrr(balance: f64) -> Result<f64, String> {
            Ok(balance)
        }
        self.balance -= amount;
        Еrr(self.balance)
    }
}
