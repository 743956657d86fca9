impl League {
    pub fn leader(&self, points: std::collections::HashMap<String, isize>) -> Option<String> {
        let mut best: Option<(String, isize)> = None;
        for (name, sum) in points {
            let wins = match &best {
                None => true,
                Some((leader, most)) => sum > *most || (sum == *most && name < *leader),
            };
            if wins {
                best = Some((name, sum));
            }
        }
        best.map(|(name, _)| name)
    }
}
