// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn flush(&mut self) -> Vec<i64>
// tries: a chain that empties the slot is the last expression
// refused: covenant: the method returns this without

impl Account {
    pub fn flush(&mut self) -> Vec<i64> {
        self.items.drain(..).rev().filter(|n| n % 2 == 0).collect()
    }
}
