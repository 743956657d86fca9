// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn clear(&mut self)
// tries: a bare `return` after a change
// refused: covenant: this `return` leaves without

impl Account {
    pub fn clear(&mut self) {
        self.items.clear();
        if self.log.is_empty() {
            return;
        }
        self.log.clear();
        self.mark_changed();
    }
}
