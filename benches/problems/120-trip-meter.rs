impl TripMeter {
    pub fn average_speed(&self, kilometres: Vec<f64>, hours: Vec<f64>) -> f64 {
        let distance: f64 = kilometres.iter().sum();
        let time: f64 = hours.iter().sum();
        if time == 0.0 {
            0.0
        } else {
            distance / time
        }
    }
}
