impl EggPacker {
    pub fn pack(&self, eggs: usize) -> (usize, usize, usize) {
        let rest = eggs % 10;
        (eggs / 10, rest / 6, rest % 6)
    }
}
