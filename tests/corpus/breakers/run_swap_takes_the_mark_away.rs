// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self)
// tries: the last expression swaps the marked object for a copy that is not
// refused: sandbox: unmarked change

impl Account {
    pub fn bump(&mut self) {
        let mut other = self.clone();
        other.count += 1;
        self.mark_changed();
        std::mem::swap(self, &mut other)
    }
}
