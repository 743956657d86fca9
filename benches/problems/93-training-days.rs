impl TrainingPlan {
    pub fn most(&self, gains: Vec<u64>) -> u64 {
        // The best total after the present day: rested on it, trained one day in a row, trained two.
        let (mut rested, mut once, mut twice) = (0, 0, 0);
        for gain in gains {
            let best = rested.max(once).max(twice);
            twice = once + gain;
            once = rested + gain;
            rested = best;
        }
        rested.max(once).max(twice)
    }
}
