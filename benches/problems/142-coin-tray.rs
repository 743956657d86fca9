impl CoinTray {
    pub fn fewest(&self, amount: isize, coins: Vec<isize>) -> Option<isize> {
        if amount < 0 {
            return None;
        }
        let mut fewest: Vec<Option<isize>> = vec![Some(0)];
        for sum in 1..=amount {
            let mut best: Option<isize> = None;
            for coin in &coins {
                if *coin <= sum {
                    if let Some(count) = fewest[(sum - coin) as usize] {
                        if best.map_or(true, |found| count + 1 < found) {
                            best = Some(count + 1);
                        }
                    }
                }
            }
            fewest.push(best);
        }
        fewest[amount as usize]
    }
}
