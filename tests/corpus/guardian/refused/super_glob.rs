// refused: forbidden: module around
use super::*;
impl Account {
    pub fn f(&self) -> i64 {
        1
    }
}
