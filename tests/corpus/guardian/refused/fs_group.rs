// refused: forbidden: `std::fs`
use std::{fmt, fs, io};
impl Account {
    pub fn f(&self) -> i64 {
        fs::read("x").map_or(0, |x| x.len() as i64)
    }
}
