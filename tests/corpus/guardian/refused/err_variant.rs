// refused: forbidden: declared anew
impl Account {
    pub fn f(&self) -> i64 {
        enum E { Err(i64), Other }
        use E::*;
        1
    }
}
