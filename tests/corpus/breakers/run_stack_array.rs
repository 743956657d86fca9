// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self, n: usize) -> u8
// tries: an array on the stack that is greater than the stack
// refused: sandbox: memory
// check: {"args": [5]}

impl Account {
    pub fn go(&self, n: usize) -> u8 {
        fn fill(n: usize) -> u8 {
            let mut big = [0u8; 3 << 20];
            for at in 0..big.len() {
                big[at] = (at % 251 + n) as u8;
            }
            big[n]
        }
        fill(n)
    }
}
