impl Account {
    pub fn primes(&self, n: i64) -> Vec<i64> {
        fn is_prime(n: i64) -> bool {
            if n < 2 { return false; }
            let mut d = 2;
            while d * d <= n {
                if n % d == 0 { return false; }
                d += 1;
            }
            true
        }
        (2..=n).filter(|n| is_prime(*n)).collect()
    }
}
