impl Outline {
    pub fn number(&self, lines: Vec<String>) -> Vec<String> {
        let mut counts: Vec<usize> = Vec::new();
        let mut result = Vec::new();
        for line in lines {
            let level = line.chars().take_while(|letter| *letter == '#').count();
            let title = line[level..].trim();
            if counts.len() >= level {
                counts.truncate(level);
                if let Some(count) = counts.last_mut() {
                    *count += 1;
                }
            } else {
                counts.resize(level, 1);
            }
            let number: Vec<String> = counts.iter().map(|count| count.to_string()).collect();
            result.push(format!("{} {}", number.join("."), title));
        }
        result
    }
}
