// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: a forbidden type within `<…>`
// refused: forbidden: `std::process::Command` is outside

impl Account {
    pub fn go(&self) -> bool {
        <std::process::Command>::new("sh").spawn().is_ok()
    }
}
