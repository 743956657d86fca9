// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: an associated constant that is evaluated while compiling
// refused: form: something else than one method

impl Account {
    const LIMIT: i64 = 1 / 0;

    pub fn go(&self) -> i64 {
        Self::LIMIT
    }
}
