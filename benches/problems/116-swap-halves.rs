impl HalfTurn {
    pub fn swap_halves(&self, values: Vec<isize>) -> Vec<isize> {
        let half = values.len() / 2;
        let rest = values.len() - half;
        let mut result = values[rest..].to_vec();
        result.extend_from_slice(&values[half..rest]);
        result.extend_from_slice(&values[..half]);
        result
    }
}
