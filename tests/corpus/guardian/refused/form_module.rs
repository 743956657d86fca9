// refused: form: no modules
impl Account {
    pub fn f(&self) -> i64 { 1 }
}
#[cfg(test)]
mod tests { use super::*; }
