// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: borrows a cell twice
// refused: sandbox: panic

impl Account {
    pub fn go(&self) -> i64 {
        let cell = std::cell::RefCell::new(1i64);
        let first = cell.borrow_mut();
        let second = cell.borrow_mut();
        *first + *second
    }
}
