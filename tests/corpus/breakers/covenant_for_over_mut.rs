// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn double(&mut self)
// tries: changes through `for … in &mut`
// refused: covenant: the method ends here without

impl Account {
    pub fn double(&mut self) {
        for item in &mut self.items {
            *item *= 2;
        }
    }
}
