impl CarPark {
    pub fn park(&mut self, plate: &str) -> Result<usize, String> {
        if self.spots.iter().flatten().any(|parked| parked == plate) {
            return Err(format!("{plate} is already here"));
        }
        let free = self.spots.iter().position(|spot| spot.is_none());
        match free {
            Some(free) => {
                self.spots[free] = Some(plate.to_string());
                self.mark_changed();
                Ok(free + 1)
            }
            None => Err("no spot is free".to_string()),
        }
    }
}
