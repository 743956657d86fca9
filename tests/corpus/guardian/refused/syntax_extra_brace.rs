// refused: syntax: closes nothing
impl Account {
    pub fn f(&self) -> i64 { 1 }
}
}
