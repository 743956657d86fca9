// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn trade(&mut self, other: Vec<i64>) -> Vec<i64>
// tries: `std::mem::swap` on a slot
// refused: covenant: the method returns this without

impl Account {
    pub fn trade(&mut self, other: Vec<i64>) -> Vec<i64> {
        let mut other = other;
        std::mem::swap(&mut self.items, &mut other);
        other
    }
}
