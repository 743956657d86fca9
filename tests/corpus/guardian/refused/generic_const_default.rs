// refused: forbidden: `std::env::var`
impl Account {
    pub fn f(&self) -> i64 {
        struct S<const N: usize>;
        let s: S<{ std::env::var("X"); 1 }> = S;
        1
    }
}
