// refused: forbidden: argument leaves
impl Account {
    pub fn f(&self) -> i64 {
        'a: { let _ = vec![{ loop { break 'a 5; } }]; 1 }
    }
}
