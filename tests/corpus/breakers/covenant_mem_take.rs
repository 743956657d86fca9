// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn empty(&mut self) -> Vec<String>
// tries: `std::mem::take` as the last expression
// refused: covenant: the method returns this without

impl Account {
    pub fn empty(&mut self) -> Vec<String> {
        std::mem::take(&mut self.log)
    }
}
