// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a generic method, compiled for as many values as one likes
// refused: form: the method is generic

impl Account {
    pub fn go<const N: usize>(&self) -> i64 {
        N as i64
    }
}
