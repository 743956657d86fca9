// refused: syntax: U+000D
impl Account {
    pub fn f(&self) -> i64 { // x std::process::exit(1)
 1 }
}
