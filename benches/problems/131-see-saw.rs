impl SeeSaw {
    pub fn pivot(&self, weights: Vec<isize>) -> Option<isize> {
        let total: isize = weights.iter().sum();
        let mut before = 0;
        for (index, weight) in weights.iter().enumerate() {
            if before == total - before - weight {
                return Some(index as isize);
            }
            before += weight;
        }
        None
    }
}
