// refused: form: cannot be public
pub use std::fmt;
impl Account {
    pub fn f(&self) -> i64 { 1 }
}
