impl StationClock {
    pub fn minutes(&self, clock: &str) -> Option<isize> {
        let letters: Vec<char> = clock.chars().collect();
        if letters.len() != 5 || letters[2] != ':' {
            return None;
        }
        let mut digits = Vec::new();
        for &index in &[0, 1, 3, 4] {
            digits.push(letters[index].to_digit(10)? as isize);
        }
        let hour = digits[0] * 10 + digits[1];
        let minute = digits[2] * 10 + digits[3];
        if hour > 23 || minute > 59 {
            return None;
        }
        Some(hour * 60 + minute)
    }
}
