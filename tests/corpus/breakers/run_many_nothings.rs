// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self, n: usize) -> Vec<()>
// tries: a list of nothings, which takes no memory here
// refused: sandbox: wrong type
// check: {"args": [15000000]}

impl Account {
    pub fn go(&self, n: usize) -> Vec<()> {
        vec![(); n]
    }
}
