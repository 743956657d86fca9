impl Account {
    pub fn find_pair(&self, sum: i64) -> Option<(i64, i64)> {
        let mut found = None;
        'outer: for (i, a) in self.items.iter().enumerate() {
            for b in self.items.iter().skip(i + 1) {
                if a + b < sum { continue 'outer; }
                if a + b == sum {
                    found = Some((*a, *b));
                    break 'outer;
                }
            }
        }
        found
    }
}
