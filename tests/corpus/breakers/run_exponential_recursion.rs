// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> u64
// tries: a recursion that ends, in some thousand years
// refused: sandbox: fuel or deadline
// check: {"args": []}

impl Account {
    pub fn go(&self) -> u64 {
        fn fibonacci(n: u64) -> u64 {
            if n < 2 { n } else { fibonacci(n - 1) + fibonacci(n - 2) }
        }
        fibonacci(90)
    }
}
