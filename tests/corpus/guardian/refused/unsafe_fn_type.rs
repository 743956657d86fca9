// refused: forbidden: `unsafe`
impl Account {
    pub fn f(&self) -> i64 {
        let f: Option<unsafe fn()> = None;
        f.map_or(1, |_| 2)
    }
}
