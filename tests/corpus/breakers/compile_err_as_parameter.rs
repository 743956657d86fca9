// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn withdraw(&mut self, amount: f64) -> Result<f64, String>
// tries: a parameter of a closure called `Err`
// refused: compile: E0530

impl Account {
    pub fn withdraw(&mut self, amount: f64) -> Result<f64, String> {
        self.balance -= amount;
        let _refuse = |Err: f64| Err;
        Err("no".to_string())
    }
}
