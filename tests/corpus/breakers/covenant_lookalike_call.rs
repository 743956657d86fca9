// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a closure called `mark_changed`
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        let mark_changed = || ();
        self.count += 1;
        mark_changed();
        self.count
    }
}
