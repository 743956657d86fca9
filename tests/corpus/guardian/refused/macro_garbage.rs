// refused: forbidden: cannot be read
impl Account {
    pub fn f(&self) -> i64 {
        vec![let x = ;].len() as i64
    }
}
