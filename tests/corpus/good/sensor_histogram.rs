// struct: Sensor { readings: Vec<u8> }
// signature: fn bars(&self) -> String
// shows: an array of counts and `enumerate`
// check: {"slots": {"readings": [0, 5, 99, 7]}, "returns": "0 ***\n9 *"}

impl Sensor {
    pub fn bars(&self) -> String {
        let mut counts = [0usize; 10];
        for reading in &self.readings {
            let bin = usize::from(*reading / 10).min(counts.len() - 1);
            counts[bin] += 1;
        }
        let mut text = String::new();
        for (bin, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            if !text.is_empty() {
                text.push('\n');
            }
            text += &format!("{} {}", bin, "*".repeat(*count));
        }
        text
    }
}
