// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a procedural macro
// refused: forbidden: the attribute `derive` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        #[derive(Clone, Copy)]
        struct Pair(i64, i64);
        Pair(1, 2).0
    }
}
