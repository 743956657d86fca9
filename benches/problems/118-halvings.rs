impl Candle {
    pub fn halvings(&self, n: u64) -> u64 {
        let mut rest = n;
        let mut count = 0;
        while rest > 1 {
            rest /= 2;
            count += 1;
        }
        count
    }
}
