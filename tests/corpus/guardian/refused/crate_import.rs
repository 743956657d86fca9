// refused: forbidden: module around
use crate::{Account, codec};
impl Account {
    pub fn f(&self) -> i64 {
        1
    }
}
