impl Account {
    pub fn drain(&mut self) -> i64 {
        let mut sum = 0;
        while let Some(x) = self.items.pop() {
            sum += x;
        }
        self.mark_changed();
        sum
    }
}
