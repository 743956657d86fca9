// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a box made of a pointer, twice
// refused: compile: E0133

impl Account {
    pub fn go(&self) -> i64 {
        let place = Box::into_raw(Box::new(1i64));
        let first = Box::from_raw(place);
        let second = Box::from_raw(place);
        *first + *second
    }
}
