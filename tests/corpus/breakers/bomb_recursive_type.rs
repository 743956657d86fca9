// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a type that holds itself
// refused: compile: E0072

impl Account {
    pub fn go(&self) -> i64 {
        struct Endless {
            next: Option<Endless>,
        }
        let none: Option<Endless> = None;
        none.is_none() as i64
    }
}
