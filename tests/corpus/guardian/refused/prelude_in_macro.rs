// refused: forbidden: belongs to the system
impl Account {
    pub fn f(&self) -> i64 {
        vec![batos_send(1)].len() as i64
    }
}
