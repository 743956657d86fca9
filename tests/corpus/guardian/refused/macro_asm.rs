// refused: forbidden: `asm!`
impl Account {
    pub fn f(&self) -> i64 {
        asm!("nop");
        1
    }
}
