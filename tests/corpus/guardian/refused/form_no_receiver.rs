// refused: form: does not take
impl Account {
    pub fn f(n: i64) -> i64 { n }
}
