impl Poll {
    pub fn vote(&mut self, voter: &str, choice: &str) -> Result<i64, String> {
        if self.voters.contains(voter) {
            return Err(format!("{voter} has voted"));
        }
        let count = match self.counts.get_mut(choice) {
            Some(count) => {
                *count += 1;
                *count
            }
            None => return Err(format!("{choice} cannot be voted for")),
        };
        self.voters.insert(voter.to_string());
        self.mark_changed();
        Ok(count)
    }
}
