// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: leaks memory
// refused: sandbox: memory

impl Account {
    pub fn go(&self) -> usize {
        let mut total = 0;
        loop {
            total ^= Box::leak(Box::new([total; 1024])).len();
        }
    }
}
