// refused: forbidden: `extern`
impl Account {
    pub fn f(&self) -> i64 {
        extern crate std as s;
        s::process::exit(1)
    }
}
