use std::collections::btree_map::Entry;

impl Account {
    pub fn bump(&mut self, item: String) -> i64 {
        let now = match self.stock.entry(item) {
            Entry::Occupied(mut e) => { *e.get_mut() += 1; *e.get() }
            Entry::Vacant(e) => *e.insert(1),
        };
        self.mark_changed();
        now
    }
}
