impl RightMargin {
    pub fn align(&self, lines: Vec<String>) -> Vec<String> {
        let width = lines
            .iter()
            .map(|line| line.chars().count())
            .max()
            .unwrap_or(0);
        lines.iter().map(|line| format!("{line:>width$}")).collect()
    }
}
