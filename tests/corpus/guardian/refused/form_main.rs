// refused: form: function stands outside
impl Account {
    pub fn f(&self) -> i64 { 1 }
}

fn main() { }
