// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a crate that the compiler has lying about
// refused: forbidden: which is neither imported nor declared

impl Account {
    pub fn go(&self) -> i64 {
        libc::getpid() as i64
    }
}
