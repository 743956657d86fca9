// refused: forbidden: `println!`
impl Account {
    pub fn f(&self) -> i64 {
        println!("hello");
        1
    }
}
