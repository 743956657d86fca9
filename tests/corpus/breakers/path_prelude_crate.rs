// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the system's own crate
// refused: forbidden: `batos_prelude

impl Account {
    pub fn go(&self) -> i64 {
        batos_prelude::Pack::pack(&1i64, &mut Vec::new());
        1
    }
}
