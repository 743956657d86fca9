// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: leaks memory
// refused: sandbox: memory

impl Account {
    pub fn go(&self) -> usize {
        let mut leaked: Vec<&'static mut [usize; 1024]> = Vec::new();
        loop {
            let n = leaked.len();
            leaked.push(Box::leak(Box::new([n; 1024])));
            if leaked[n / 2][n % 1024] != n / 2 {
                return n;
            }
        }
    }
}
