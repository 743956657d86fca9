// refused: forbidden: neither imported
impl Account {
    pub fn f(&self) -> i64 {
        codec::secret()
    }
}
