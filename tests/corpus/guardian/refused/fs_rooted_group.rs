// refused: forbidden: `::std::fs`
use ::{std::{fmt, fs}};
impl Account {
    pub fn f(&self) -> i64 {
        1
    }
}
