// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> String
// tries: names of types
// refused: forbidden: `std::any::type_name

impl Account {
    pub fn go(&self) -> String {
        std::any::type_name::<Account>().to_string()
    }
}
