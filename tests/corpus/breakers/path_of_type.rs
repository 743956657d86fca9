// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: the type of a file as a type argument
// refused: forbidden: `std::fs::File` is outside

impl Account {
    pub fn go(&self) -> bool {
        let none: Option<std::fs::File> = None;
        none.is_none()
    }
}
