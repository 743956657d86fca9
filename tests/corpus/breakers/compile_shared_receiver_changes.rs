// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&self) -> i64
// tries: changes a slot through `&self`
// refused: compile: E0594

impl Account {
    pub fn bump(&self) -> i64 {
        self.count += 1;
        self.count
    }
}
