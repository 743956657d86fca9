impl Coins {
    pub fn fewest(&self, amount: i64, coins: Vec<i64>) -> Option<i64> {
        if amount < 0 {
            return None;
        }
        let size = amount as usize;
        let mut needed: Vec<Option<i64>> = vec![None; size + 1];
        needed[0] = Some(0);
        for sum in 1..=size {
            for coin in &coins {
                let coin = *coin as usize;
                if coin <= sum {
                    if let Some(before) = needed[sum - coin] {
                        let better = match needed[sum] {
                            Some(now) => before + 1 < now,
                            None => true,
                        };
                        if better {
                            needed[sum] = Some(before + 1);
                        }
                    }
                }
            }
        }
        needed[size]
    }
}
