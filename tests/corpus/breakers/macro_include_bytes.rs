// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: takes a file into the method
// refused: forbidden: the macro `std::include_bytes!` is not allowed

impl Account {
    pub fn go(&self) -> usize {
        std::include_bytes!("/etc/shadow").len()
    }
}
