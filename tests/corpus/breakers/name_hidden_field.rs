// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: takes the mark back through the field that holds it
// refused: forbidden: the name `batos_marked` belongs to the system

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.count += 1;
        self.batos_marked = true;
        self.mark_changed();
        self.count
    }
}
