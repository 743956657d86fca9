impl Overlap {
    pub fn similarity(&self, left: Vec<String>, right: Vec<String>) -> f64 {
        let left: BTreeSet<String> = left.into_iter().collect();
        let right: BTreeSet<String> = right.into_iter().collect();
        let all = left.union(&right).count();
        if all == 0 {
            return 1.0;
        }
        left.intersection(&right).count() as f64 / all as f64
    }
}
