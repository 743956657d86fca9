// refused: form: only `use` lines
const N: i64 = 3;
impl Account {
    pub fn f(&self) -> i64 { N }
}
