// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> Vec<u32>
// tries: a forbidden path deep in a macro's argument
// refused: forbidden: `std::process::id` is outside

impl Account {
    pub fn go(&self) -> Vec<u32> {
        vec![1, { let id = || std::process::id(); id() }]
    }
}
