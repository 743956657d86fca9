impl Odometer {
    pub fn drive(&mut self, km: f64) -> Result<f64, String> {
        if km < 0.0 {
            return Err("the distance is negative".to_string());
        }
        let needed = km * self.consumption / 100.0;
        if needed > self.fuel {
            return Err("not enough fuel".to_string());
        }
        self.fuel -= needed;
        self.distance += km;
        self.mark_changed();
        Ok(self.fuel)
    }
}
