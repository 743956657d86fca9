// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: a list that grows until there is no memory
// refused: sandbox: memory

impl Account {
    pub fn go(&self) -> usize {
        let mut all: Vec<u64> = Vec::new();
        loop {
            all.push(all.len() as u64);
        }
    }
}
