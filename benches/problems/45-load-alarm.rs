impl LoadMonitor {
    pub fn sample(&mut self, load: f64) -> Option<String> {
        let mut message = None;
        if load > self.limit {
            self.over += 1;
            if self.over >= 3 && !self.alarmed {
                self.alarmed = true;
                message = Some("alarm".to_string());
            }
        } else {
            self.over = 0;
            if self.alarmed {
                self.alarmed = false;
                message = Some("recovered".to_string());
            }
        }
        self.mark_changed();
        message
    }
}
