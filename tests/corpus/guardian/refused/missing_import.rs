// refused: forbidden: `Ordering`
impl Account {
    pub fn f(&self) -> i64 {
        match 1.cmp(&2) { Ordering::Less => 1, _ => 2 }
    }
}
