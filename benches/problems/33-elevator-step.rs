impl Elevator {
    pub fn step(&mut self) -> i64 {
        if let Some(target) = self.targets.first().copied() {
            self.floor += (target - self.floor).signum();
            if self.floor == target {
                self.targets.remove(0);
            }
        }
        self.mark_changed();
        self.floor
    }
}
