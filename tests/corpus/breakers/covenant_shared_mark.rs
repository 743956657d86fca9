// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn look(&self) -> i64
// tries: a `&self` method that claims a change
// refused: covenant: cannot mark a change

impl Account {
    pub fn look(&self) -> i64 {
        self.mark_changed();
        self.count
    }
}
