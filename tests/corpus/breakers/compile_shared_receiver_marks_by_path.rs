// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&self) -> i64
// tries: the mark by its path, on `&self`
// refused: compile: E0308

impl Account {
    pub fn bump(&self) -> i64 {
        Account::mark_changed(self);
        self.count
    }
}
