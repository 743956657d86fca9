// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the same with `&raw`
// refused: forbidden: raw pointers

impl Account {
    pub fn go(&self) -> i64 {
        let place = &raw const self.count;
        place as usize as i64
    }
}
