impl DigitTrail {
    pub fn trail(&self, n: u64) -> Vec<u64> {
        let mut n = n;
        let mut steps = vec![n];
        while n > 0 {
            if n % 10 == 0 {
                n /= 10;
            } else {
                n -= n % 10;
            }
            steps.push(n);
        }
        steps
    }
}
