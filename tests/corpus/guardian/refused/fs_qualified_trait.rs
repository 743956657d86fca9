// refused: forbidden: `std::io::Read`
impl Account {
    pub fn f(&self) -> i64 {
        let n = <String as std::io::Read>::by_ref;
        1
    }
}
