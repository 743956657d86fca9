// refused: forbidden: module around
impl Account {
    pub fn f(&self) -> i64 {
        super::secret()
    }
}
