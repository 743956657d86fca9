// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn take(&mut self) -> i64
// tries: the mark stands where nothing comes by
// refused: covenant: this `return` leaves without

impl Account {
    pub fn take(&mut self) -> i64 {
        let taken = self.count;
        self.count = 0;
        return taken;
        self.mark_changed();
        taken
    }
}
