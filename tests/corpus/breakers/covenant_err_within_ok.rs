// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn withdraw(&mut self, amount: f64) -> Result<Result<f64, String>, String>
// tries: an `Err` within an `Ok` is an ordinary value
// refused: covenant: the method returns this without

impl Account {
    pub fn withdraw(&mut self, amount: f64) -> Result<Result<f64, String>, String> {
        self.balance -= amount;
        Ok(Err("refused".to_string()))
    }
}
