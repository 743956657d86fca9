// refused: forbidden: neither imported
impl Account {
    pub fn f(&self) -> i64 {
        { struct codec; let _ = codec; }
        codec::secret()
    }
}
