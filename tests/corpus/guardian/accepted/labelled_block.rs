impl Account {
    pub fn grade(&mut self, n: i64) -> i64 {
        let grade = 'found: {
            if n > 90 { break 'found 1; }
            if n > 50 { break 'found 2; }
            3
        };
        self.count = grade;
        self.mark_changed();
        grade
    }
}
