// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn keep(&self, n: i64) -> usize
// tries: a changing method on a slot of `&self`
// refused: compile: E0596

impl Account {
    pub fn keep(&self, n: i64) -> usize {
        self.items.push(n);
        self.items.len()
    }
}
