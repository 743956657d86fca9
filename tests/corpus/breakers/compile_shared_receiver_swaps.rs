// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn trade(&self, n: i64) -> i64
// tries: `swap` on a slot of `&self`
// refused: compile: E0596 or E0308

impl Account {
    pub fn trade(&self, n: i64) -> i64 {
        let mut n = n;
        std::mem::swap(&mut self.count, &mut n);
        n
    }
}
