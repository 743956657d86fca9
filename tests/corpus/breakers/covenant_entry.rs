// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn store(&mut self, name: String) -> i64
// tries: changes a map's entry through a chain of calls
// refused: covenant: the method returns this without

impl Account {
    pub fn store(&mut self, name: String) -> i64 {
        let stored = self.stock.entry(name).and_modify(|n| *n += 1).or_insert(1);
        *stored
    }
}
