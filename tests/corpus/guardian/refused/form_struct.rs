// refused: form: struct stands beside
#[derive(Debug)]
pub struct Account { balance: f64 }

impl Account {
    pub fn f(&self) -> f64 { self.balance }
}
