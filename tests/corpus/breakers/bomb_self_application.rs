// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a closure that takes itself
// refused: compile: E0282 or E0644 or E0618 or E0057

impl Account {
    pub fn go(&self) -> i64 {
        let apply = |f| f(f);
        apply(apply);
        1
    }
}
