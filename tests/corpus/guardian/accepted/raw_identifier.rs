impl Account {
    pub fn kind(&self, n: i64) -> i64 {
        let r#match = n + 1;
        r#match
    }
}
