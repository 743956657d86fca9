// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: fills the host's log
// refused: sandbox: fuel or deadline

impl Account {
    pub fn go(&self) -> i64 {
        let line = "all work and no play ".repeat(3_000);
        loop {
            log(&line);
        }
    }
}
