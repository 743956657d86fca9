// refused: syntax: 
impl Account {
    pub fn f(&self) -> i64 {
        let x = 1
        x
    }
}
