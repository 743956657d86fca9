// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a path in a visibility
// refused: forbidden: only plain `pub`

impl Account {
    pub fn go(&self) -> i64 {
        pub(in crate::object) struct Inner;
        1
    }
}
