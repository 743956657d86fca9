// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn newest(&mut self) -> Option<i64>
// tries: `return None` as if it threw the change away
// refused: covenant: this `return` leaves without

impl Account {
    pub fn newest(&mut self) -> Option<i64> {
        self.count += 1;
        if self.items.is_empty() {
            return None;
        }
        self.mark_changed();
        self.items.pop()
    }
}
