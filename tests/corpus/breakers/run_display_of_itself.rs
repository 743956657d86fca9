// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> String
// tries: a text that holds its own text
// refused: sandbox: memory

impl Account {
    pub fn go(&self) -> String {
        struct Mirror;
        impl std::fmt::Display for Mirror {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(out, "[{}]", Mirror)
            }
        }
        Mirror.to_string()
    }
}
