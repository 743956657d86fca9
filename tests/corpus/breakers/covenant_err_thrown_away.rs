// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn withdraw(&mut self, amount: f64)
// tries: an `Err` that nobody returns
// refused: covenant: the method ends here without

impl Account {
    pub fn withdraw(&mut self, amount: f64) {
        self.balance -= amount;
        Err::<(), String>("refused".to_string()).unwrap_or(());
    }
}
