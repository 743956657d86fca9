// refused: forbidden: `extern`
impl Account {
    pub fn f(&self) -> i64 {
        let f: Option<extern "C" fn()> = None;
        f.map_or(1, |_| 2)
    }
}
