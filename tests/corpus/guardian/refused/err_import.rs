// refused: forbidden: renamed to `Err`
use std::result::Result::Ok as Err;
impl Account {
    pub fn f(&self) -> i64 {
        1
    }
}
