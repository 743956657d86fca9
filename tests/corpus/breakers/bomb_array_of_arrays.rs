// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: arrays of arrays of arrays
// refused: compile: too big or E0080

impl Account {
    pub fn go(&self) -> usize {
        let huge = [[[[[0u8; 4096]; 4096]; 4096]; 4096]; 4096];
        huge[self.count as usize].len()
    }
}
