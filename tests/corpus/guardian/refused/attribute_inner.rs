// refused: forbidden: everything around
#![allow(unused)]
impl Account {
    pub fn f(&self) -> i64 { 1 }
}
