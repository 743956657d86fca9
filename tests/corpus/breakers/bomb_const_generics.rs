// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: a function for every number
// refused: compile: generic parameters may not be used or recursion limit or E0401 or overflow

impl Account {
    pub fn go(&self) -> usize {
        fn count<const N: usize>() -> usize {
            count::<{ N + 1 }>()
        }
        count::<0>()
    }
}
