// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: full-width letters, which are normalised to `std`
// refused: syntax: U+FF53

impl Account {
    pub fn go(&self) -> i64 {
        ｓｔｄ::process::exit(1)
    }
}
