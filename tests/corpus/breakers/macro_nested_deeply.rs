// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> String
// tries: macros within macros until somebody gives up looking
// refused: forbidden: macros are nested too deeply

impl Account {
    pub fn go(&self) -> String {
        format!("{}", format!("{}", format!("{}", format!("{}", format!("{}", format!("{}", format!("{}", std::process::id())))))))
    }
}
