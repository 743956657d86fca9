// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the same by `self`
// refused: forbidden: reaches into the module around

impl Account {
    pub fn go(&self) -> i64 {
        self::go();
        1
    }
}
