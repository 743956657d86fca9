impl Versions {
    pub fn compare(&self, left: &str, right: &str) -> i64 {
        let parts = |text: &str| -> Vec<u64> {
            text.split('.')
                .map(|part| part.parse().unwrap_or(0))
                .collect()
        };
        let (left, right) = (parts(left), parts(right));
        for place in 0..left.len().max(right.len()) {
            let a = left.get(place).copied().unwrap_or(0);
            let b = right.get(place).copied().unwrap_or(0);
            if a != b {
                return if a < b { -1 } else { 1 };
            }
        }
        0
    }
}
