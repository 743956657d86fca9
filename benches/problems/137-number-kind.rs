impl NumberKind {
    pub fn kind(&self, n: u64) -> String {
        let sum: u64 = (1..n).filter(|divisor| n % divisor == 0).sum();
        let kind = if sum == n {
            "perfect"
        } else if sum > n {
            "abundant"
        } else {
            "deficient"
        };
        kind.to_string()
    }
}
