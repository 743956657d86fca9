// refused: forbidden: belongs to the system
impl Account {
    pub fn f(&self) -> i64 {
        Account::batos_pack(self)
    }
}
