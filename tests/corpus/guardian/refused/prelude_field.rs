// refused: forbidden: belongs to the system
impl Account {
    pub fn f(&self) -> i64 {
        self.__changed as i64
    }
}
