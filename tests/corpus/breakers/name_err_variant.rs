// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn withdraw(&mut self, amount: f64) -> Result<f64, String>
// tries: `Err` is a variant of an own type
// refused: forbidden: `Err` cannot be declared anew

impl Account {
    pub fn withdraw(&mut self, amount: f64) -> Result<f64, String> {
        enum Outcome {
            Err(f64),
        }
        use Outcome::Err;
        self.balance -= amount;
        let Err(left) = Err(self.balance);
        self.mark_changed();
        Ok(left)
    }
}
