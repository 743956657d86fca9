// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: sends and sends
// refused: sandbox: fuel or deadline

impl Account {
    pub fn go(&self) -> i64 {
        loop {
            let _ = send::<i64>("Nobody", "nothing", ());
        }
    }
}
