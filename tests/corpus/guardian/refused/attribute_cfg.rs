// refused: forbidden: attribute `cfg`
impl Account {
    pub fn f(&self) -> i64 {
        #[cfg(unix)]
        let x = 1;
        1
    }
}
