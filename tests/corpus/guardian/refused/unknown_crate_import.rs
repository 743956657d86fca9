// refused: forbidden: neither imported
use rand;
use serde::Serialize;
impl Account {
    pub fn f(&self) -> i64 {
        rand::random()
    }
}
