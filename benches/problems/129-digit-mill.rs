impl DigitMill {
    pub fn rounds(&self, n: u64) -> u64 {
        let mut rest = n;
        let mut count = 0;
        while rest > 9 {
            let mut product = 1;
            while rest > 0 {
                product *= rest % 10;
                rest /= 10;
            }
            rest = product;
            count += 1;
        }
        count
    }
}
