// refused: forbidden: `include_str!`
impl Account {
    pub fn f(&self) -> i64 {
        format!("{}", include_str!("/etc/passwd")).len() as i64
    }
}
