// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self, n: usize) -> usize
// tries: a gigabyte at once
// refused: sandbox: memory
// check: {"args": [1073741824]}

impl Account {
    pub fn go(&self, n: usize) -> usize {
        let all = vec![1u8; n];
        all.iter().filter(|byte| **byte == 1).count()
    }
}
