impl Ballot {
    pub fn winner(&self, votes: Vec<String>) -> Option<String> {
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for vote in votes {
            *counts.entry(vote).or_insert(0) += 1;
        }
        let mut best: Option<(String, i64)> = None;
        for (name, count) in counts {
            let more = match &best {
                Some((_, most)) => count > *most,
                None => true,
            };
            if more {
                best = Some((name, count));
            }
        }
        best.map(|(name, _)| name)
    }
}
