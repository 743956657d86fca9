// struct: Sensor { readings: VecDeque<f64>, most: usize }
// signature: fn record(&mut self, reading: f64) -> f64
// shows: a ring of readings, the result computed before the mark
// check: {"slots": {"readings": [1, 2], "most": 2}, "args": [6], "returns": 4, "after": {"readings": [2, 6]}}

impl Sensor {
    pub fn record(&mut self, reading: f64) -> f64 {
        self.readings.push_back(reading);
        while self.readings.len() > self.most.max(1) {
            self.readings.pop_front();
        }
        let mean = self.readings.iter().sum::<f64>() / self.readings.len() as f64;
        self.mark_changed();
        mean
    }
}
