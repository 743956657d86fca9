// refused: forbidden: `env!`
impl Account {
    pub fn f(&self) -> i64 {
        let x: env!("X") = 1;
        1
    }
}
