// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: a result that the system cannot carry
// refused: form, forbidden: raw pointers

impl Account {
    pub fn go(&self) -> *const u8 {
        self.log.as_ptr() as *const u8
    }
}
