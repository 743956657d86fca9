impl BallotBox {
    pub fn tally(&self, votes: Vec<String>) -> std::collections::HashMap<String, isize> {
        let mut points = std::collections::HashMap::new();
        for vote in &votes {
            if let Some(name) = vote.strip_prefix('+') {
                *points.entry(name.to_string()).or_insert(0) += 1;
            } else if let Some(name) = vote.strip_prefix('-') {
                *points.entry(name.to_string()).or_insert(0) -= 1;
            }
        }
        points.retain(|_, sum| *sum != 0);
        points
    }
}
