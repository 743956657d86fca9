// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a list whose destructor recurses once for each of a million boxes
// refused: sandbox: memory

impl Account {
    pub fn go(&self) -> i64 {
        struct Link(Option<Box<Link>>);
        let mut list = Link(None);
        for _ in 0..1_000_000 {
            list = Link(Some(Box::new(list)));
        }
        list.0.is_some() as i64
    }
}
