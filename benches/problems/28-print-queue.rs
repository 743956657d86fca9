impl PrintQueue {
    pub fn add(&mut self, name: &str, urgent: bool) -> usize {
        let place = if urgent {
            self.jobs.iter().filter(|(_, urgent)| *urgent).count()
        } else {
            self.jobs.len()
        };
        self.jobs.insert(place, (name.to_string(), urgent));
        self.mark_changed();
        place
    }
}
