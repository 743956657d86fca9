impl Ranges {
    pub fn merge(&self, ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
        let mut sorted = ranges;
        sorted.sort();
        let mut merged: Vec<(i64, i64)> = Vec::new();
        for (first, last) in sorted {
            match merged.last_mut() {
                Some(open) if first <= open.1 => open.1 = open.1.max(last),
                _ => merged.push((first, last)),
            }
        }
        merged
    }
}
