impl Account {
    pub fn take_all(&mut self) -> Vec<i64> {
        let taken = std::mem::take(&mut self.items);
        let old = std::mem::replace(&mut self.count, 0);
        std::mem::swap(&mut self.balance, &mut (old as f64));
        self.mark_changed();
        taken
    }
}
