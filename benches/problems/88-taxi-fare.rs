impl TaxiFare {
    pub fn fare(&self, km: f64, night: bool) -> f64 {
        let mut fare = 4.0;
        if km > 2.0 {
            fare += (km - 2.0) * 1.5;
        }
        if night {
            fare *= 1.2;
        }
        fare
    }
}
