// refused: forbidden: `async`
impl Account {
    pub async fn f(&self) -> i64 { 1 }
}
