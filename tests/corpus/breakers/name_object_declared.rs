// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: an own type called like the object
// refused: forbidden: `Account` cannot be declared anew

impl Account {
    pub fn bump(&mut self) -> i64 {
        struct Account;
        self.count += 1;
        self.mark_changed();
        self.count
    }
}
