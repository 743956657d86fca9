// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a static beside the `impl`
// refused: form: only `use` lines

static TABLE: [i64; 3] = [1, 2, 3];
impl Account {
    pub fn go(&self) -> i64 {
        TABLE[0]
    }
}
