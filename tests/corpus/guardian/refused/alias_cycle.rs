// refused: forbidden: neither imported
use b as a;
use a as b;
impl Account {
    pub fn f(&self) -> i64 {
        a::x()
    }
}
