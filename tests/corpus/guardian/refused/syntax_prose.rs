// refused: syntax: 
Here is the method you asked for:
impl Account { pub fn f(&self) -> i64 { 1 } }
