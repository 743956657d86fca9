impl LongJump {
    pub fn jump(&mut self, cm: i64) -> Option<i64> {
        let mut gain = None;
        match self.best {
            Some(best) if cm > best => {
                gain = Some(cm - best);
                self.best = Some(cm);
            }
            Some(_) => {}
            None => self.best = Some(cm),
        }
        self.mark_changed();
        gain
    }
}
