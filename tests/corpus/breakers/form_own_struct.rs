// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: brings a struct of its own in the place of the system's
// refused: form, forbidden: a struct stands beside

pub struct Account {
    pub count: i64,
}
impl Account {
    pub fn go(&self) -> i64 {
        self.count
    }
}
