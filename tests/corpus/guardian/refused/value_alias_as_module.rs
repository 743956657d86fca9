// refused: forbidden: neither imported
use std::mem::swap as codec;
impl Account {
    pub fn f(&self) -> i64 {
        codec::secret()
    }
}
