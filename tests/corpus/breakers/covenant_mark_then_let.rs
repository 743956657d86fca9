// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a `let` with a change stands between the mark and the result
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.mark_changed();
        let popped = self.items.pop().unwrap_or(0);
        popped
    }
}
