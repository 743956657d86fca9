// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: makes an object that is marked already
// refused: forbidden: the name `batos_marked` belongs to the system

impl Account {
    pub fn bump(&mut self) -> i64 {
        *self = Account { count: 3, batos_marked: true, ..self.clone() };
        self.mark_changed();
        self.count
    }
}
