// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn rename(&mut self, note: Option<String>) -> bool
// tries: the `else` of an `if let` has no mark
// refused: covenant: the method returns this without

impl Account {
    pub fn rename(&mut self, note: Option<String>) -> bool {
        self.count += 1;
        if let Some(text) = note {
            self.note = Some(text);
            self.mark_changed();
            true
        } else {
            false
        }
    }
}
