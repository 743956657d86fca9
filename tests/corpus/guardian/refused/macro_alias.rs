// refused: forbidden: renamed to `panic`
use std::vec as panic;
impl Account {
    pub fn f(&self) -> i64 {
        let v: Vec<i64> = panic!();
        v.len() as i64
    }
}
