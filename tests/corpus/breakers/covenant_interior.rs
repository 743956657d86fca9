// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a `Cell` over a slot changes it through a shared reference
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        let count = std::cell::Cell::from_mut(&mut self.count);
        count.set(count.get() + 1);
        count.get()
    }
}
