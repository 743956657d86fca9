// struct: Math { limit: usize }
// signature: fn primes(&self) -> Vec<usize>
// shows: a sieve with `step_by`
// check: {"slots": {"limit": 20}, "returns": [2, 3, 5, 7, 11, 13, 17, 19]}

impl Math {
    pub fn primes(&self) -> Vec<usize> {
        let mut is_prime = vec![true; self.limit + 1];
        for n in 2..=self.limit {
            if n * n > self.limit {
                break;
            }
            if is_prime[n] {
                for multiple in (n * n..=self.limit).step_by(n) {
                    is_prime[multiple] = false;
                }
            }
        }
        (2..=self.limit).filter(|&n| is_prime[n]).collect()
    }
}
