// refused: forbidden: `std::fs`
impl Account {
    pub fn f(&self) -> i64 {
        { use std::fs as collections; collections::read("x").map_or(0, |x| x.len() as i64) }
    }
}
