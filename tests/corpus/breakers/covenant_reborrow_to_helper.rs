// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: hands a slot to a helper that changes it
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        fn raise(number: &mut i64) -> i64 {
            *number += 1;
            *number
        }
        raise(&mut self.count)
    }
}
