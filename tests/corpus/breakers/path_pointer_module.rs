// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: makes a pointer without a pointer's type
// refused: forbidden: `std::ptr::from_ref` is outside

impl Account {
    pub fn go(&self) -> bool {
        std::ptr::from_ref(self).is_null()
    }
}
