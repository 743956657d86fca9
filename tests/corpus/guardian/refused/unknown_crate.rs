// refused: forbidden: another crate
impl Account {
    pub fn f(&self) -> i64 {
        ::libc::getpid() as i64
    }
}
