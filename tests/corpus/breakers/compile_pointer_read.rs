// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a pointer without a pointer's type, read
// refused: compile: E0133

impl Account {
    pub fn go(&self) -> i64 {
        let all: Vec<i64> = vec![1, 2, 3];
        let place = all.as_ptr();
        *place
    }
}
