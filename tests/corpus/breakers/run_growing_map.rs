// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: a map without end
// refused: sandbox: memory

impl Account {
    pub fn go(&self) -> usize {
        let mut all: HashMap<u64, [u64; 8]> = HashMap::new();
        loop {
            let n = all.len() as u64;
            all.insert(n, [n; 8]);
        }
    }
}
