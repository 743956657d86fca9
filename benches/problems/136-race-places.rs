impl RaceResult {
    pub fn places(&self, times: Vec<isize>) -> Vec<isize> {
        times
            .iter()
            .map(|time| times.iter().filter(|other| *other < time).count() as isize + 1)
            .collect()
    }
}
