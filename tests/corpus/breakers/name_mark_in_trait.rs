// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a trait with a method called like the mark
// refused: forbidden: a method declares no traits

impl Account {
    pub fn bump(&mut self) -> i64 {
        trait Quiet {
            fn mark_changed(&self) {}
        }
        self.count += 1;
        self.mark_changed();
        self.count
    }
}
