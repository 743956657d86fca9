impl Wildcards {
    pub fn matches(&self, pattern: &str, name: &str) -> bool {
        fn fits(pattern: &[char], name: &[char]) -> bool {
            match (pattern.split_first(), name.split_first()) {
                (None, None) => true,
                (Some(('*', rest)), None) => fits(rest, name),
                (Some(('*', rest)), Some((_, later))) => fits(rest, name) || fits(pattern, later),
                (Some(('?', rest)), Some((_, later))) => fits(rest, later),
                (Some((wanted, rest)), Some((letter, later))) => {
                    wanted == letter && fits(rest, later)
                }
                _ => false,
            }
        }
        let pattern: Vec<char> = pattern.chars().collect();
        let name: Vec<char> = name.chars().collect();
        fits(&pattern, &name)
    }
}
