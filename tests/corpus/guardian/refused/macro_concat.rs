// refused: forbidden: `concat!`
impl Account {
    pub fn f(&self) -> i64 {
        format!(concat!("/etc", "/passwd")).len() as i64
    }
}
