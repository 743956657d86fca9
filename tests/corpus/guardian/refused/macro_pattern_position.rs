// refused: forbidden: `env!`
impl Account {
    pub fn f(&self) -> i64 {
        match 1 { env!("X") => 1, _ => 2 }
    }
}
