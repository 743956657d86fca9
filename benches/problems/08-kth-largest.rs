impl Ranking {
    pub fn kth_largest(&self, numbers: Vec<i64>, k: usize) -> Option<i64> {
        let different: BTreeSet<i64> = numbers.into_iter().collect();
        if k == 0 {
            return None;
        }
        different.into_iter().rev().nth(k - 1)
    }
}
