// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn withdraw(&mut self, amount: f64) -> Result<f64, String>
// tries: something that ends in `.ok_or(…)` is no `Err`
// refused: covenant: the method returns this without

impl Account {
    pub fn withdraw(&mut self, amount: f64) -> Result<f64, String> {
        self.balance -= amount;
        Some(self.balance).ok_or("refused".to_string())
    }
}
