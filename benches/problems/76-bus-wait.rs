impl BusStop {
    pub fn wait(&self, departures: Vec<u64>, now: u64) -> Option<u64> {
        departures
            .iter()
            .filter(|departure| **departure >= now)
            .map(|departure| departure - now)
            .min()
    }
}
