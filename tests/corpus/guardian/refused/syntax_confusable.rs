// refused: syntax: not allowed in code
impl Account {
    pub fn f(&self) -> i64 { let аccount = 1; аccount }
}
