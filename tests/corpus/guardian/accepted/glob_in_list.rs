use std::collections::*;
impl Account {
    pub fn unique(&self) -> usize {
        self.items.iter().collect::<BTreeSet<_>>().len()
    }
}
