impl Courier {
    pub fn round_trip(&self, stops: Vec<i64>) -> i64 {
        let mut length = 0;
        for place in 0..stops.len() {
            let next = stops[(place + 1) % stops.len()];
            length += (next - stops[place]).abs();
        }
        length
    }
}
