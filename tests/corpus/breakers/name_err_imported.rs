// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn withdraw(&mut self, amount: f64) -> Result<f64, String>
// tries: `Ok` imported as `Err`
// refused: forbidden: cannot be renamed to `Err`

use std::result::Result::Ok as Err;
impl Account {
    pub fn withdraw(&mut self, amount: f64) -> Result<f64, String> {
        self.balance -= amount;
        Err(self.balance)
    }
}
