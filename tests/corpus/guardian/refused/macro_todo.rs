// refused: forbidden: `todo!`
impl Account {
    pub fn f(&self) -> i64 {
        todo!()
    }
}
