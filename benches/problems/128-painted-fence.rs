impl FencePaint {
    pub fn painted(&self, spans: Vec<(isize, isize)>) -> isize {
        let mut sorted = spans;
        sorted.sort();
        let mut total = 0;
        let mut reached = isize::MIN;
        for (start, end) in sorted {
            let from = start.max(reached);
            if end > from {
                total += end - from;
                reached = end;
            }
        }
        total
    }
}
