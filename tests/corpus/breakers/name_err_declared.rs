// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn withdraw(&mut self, amount: f64) -> Result<f64, String>
// tries: a function called `Err` that gives an `Ok`
// refused: forbidden: `Err` cannot be declared anew

impl Account {
    pub fn withdraw(&mut self, amount: f64) -> Result<f64, String> {
        #[allow(non_snake_case)]
        fn Err(balance: f64) -> Result<f64, String> {
            Ok(balance)
        }
        self.balance -= amount;
        Err(self.balance)
    }
}
