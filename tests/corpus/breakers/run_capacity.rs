// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: asks for all memory that has an address
// refused: sandbox: panic

impl Account {
    pub fn go(&self) -> usize {
        let all: Vec<u64> = Vec::with_capacity(usize::MAX);
        all.capacity()
    }
}
