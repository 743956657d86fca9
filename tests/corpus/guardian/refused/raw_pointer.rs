// refused: forbidden: raw pointers
impl Account {
    pub fn f(&self) -> i64 {
        &self.count as *const i64 as usize as i64
    }
}
