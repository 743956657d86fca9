// refused: forbidden: `unsafe`
impl Account {
    pub fn f(&self) -> i64 {
        let a: [i64; { unsafe { 3 } }] = [0; 3];
        1
    }
}
