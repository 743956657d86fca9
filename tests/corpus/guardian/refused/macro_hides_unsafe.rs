// refused: forbidden: `unsafe`
impl Account {
    pub fn f(&self) -> i64 {
        format!("{}", unsafe { 1 }).len() as i64
    }
}
