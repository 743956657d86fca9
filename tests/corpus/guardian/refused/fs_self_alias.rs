// refused: forbidden: `std`
use std::{self as s};
impl Account {
    pub fn f(&self) -> i64 {
        s::fs::read("x").map_or(0, |x| x.len() as i64)
    }
}
