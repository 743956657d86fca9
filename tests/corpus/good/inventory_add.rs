// struct: Store { stock: BTreeMap<String, i64> }
// signature: fn add(&mut self, name: String, amount: i64) -> i64
// shows: a map's entry
// check: {"slots": {"stock": {"tea": 2}}, "args": ["tea", 3], "returns": 5, "after": {"stock": {"tea": 5}}}
// check: {"args": ["salt", 1], "returns": 1}

impl Store {
    pub fn add(&mut self, name: String, amount: i64) -> i64 {
        let stored = self.stock.entry(name).or_insert(0);
        *stored += amount;
        let now = *stored;
        self.mark_changed();
        now
    }
}
