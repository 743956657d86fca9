impl Contest {
    pub fn beats(&self, ours: Vec<isize>, theirs: Vec<isize>) -> bool {
        if ours.len() != theirs.len() {
            return false;
        }
        let mut better = false;
        for (our, their) in ours.iter().zip(theirs.iter()) {
            if our < their {
                return false;
            }
            if our > their {
                better = true;
            }
        }
        better
    }
}
