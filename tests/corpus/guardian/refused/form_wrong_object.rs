// refused: form: for `Purse`
impl Purse {
    pub fn f(&self) -> i64 { 1 }
}
