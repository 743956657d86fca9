impl Numerals {
    pub fn persistence(&self, n: u64) -> u32 {
        let mut n = n;
        let mut steps = 0;
        while n >= 10 {
            let mut product = 1;
            while n > 0 {
                product *= n % 10;
                n /= 10;
            }
            n = product;
            steps += 1;
        }
        steps
    }
}
