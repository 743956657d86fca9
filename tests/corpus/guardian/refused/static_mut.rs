// refused: forbidden: `static mut`
impl Account {
    pub fn f(&self) -> i64 {
        static mut N: i64 = 0;
        1
    }
}
