// refused: forbidden: `option_env!`
impl Account {
    pub fn f(&self) -> i64 {
        option_env!("HOME").map_or(0, |x| x.len() as i64)
    }
}
