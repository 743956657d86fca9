impl NumberBeads {
    pub fn beads(&self, n: u64) -> String {
        n.to_string()
            .chars()
            .map(|digit| "o".repeat(digit.to_digit(10).unwrap_or(0) as usize))
            .collect::<Vec<String>>()
            .join("|")
    }
}
