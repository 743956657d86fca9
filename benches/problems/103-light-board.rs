impl LightBoard {
    pub fn toggle(&mut self, places: Vec<usize>) -> usize {
        for place in places {
            if place < self.lights.len() {
                self.lights[place] = !self.lights[place];
            }
        }
        let count = self.lights.iter().filter(|light| **light).count();
        self.mark_changed();
        count
    }
}
