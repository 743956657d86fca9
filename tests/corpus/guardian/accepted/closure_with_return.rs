impl Account {
    pub fn signs(&mut self) -> Vec<i64> {
        let sign = |x: i64| -> i64 {
            if x < 0 { return -1; }
            if x == 0 { return 0; }
            1
        };
        let signs: Vec<i64> = self.items.iter().map(|x| sign(*x)).collect();
        self.count = signs.len() as i64;
        self.mark_changed();
        signs
    }
}
