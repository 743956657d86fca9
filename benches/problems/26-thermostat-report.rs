impl Thermostat {
    pub fn report(&mut self, reading: f64) -> String {
        if reading < self.target - self.margin {
            self.heating = true;
        } else if reading > self.target + self.margin {
            self.heating = false;
        }
        let state = if self.heating { "on" } else { "off" };
        self.mark_changed();
        state.to_string()
    }
}
