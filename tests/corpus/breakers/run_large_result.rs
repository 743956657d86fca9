// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self, n: usize) -> Vec<bool>
// tries: a result that is small in the sandbox and large on the host
// refused: sandbox: wrong type
// check: {"args": [12000000]}

impl Account {
    pub fn go(&self, n: usize) -> Vec<bool> {
        vec![true; n]
    }
}
