// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the same while compiling
// refused: forbidden: `unsafe` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        const FORGED: i64 = unsafe { std::mem::transmute(1.5f64) };
        FORGED
    }
}
