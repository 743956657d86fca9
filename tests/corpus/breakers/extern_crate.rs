// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: links the prelude's crate under another name
// refused: forbidden: `extern` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        extern crate batos_prelude as helper;
        helper::run(0, |_, _| Ok(()));
        1
    }
}
