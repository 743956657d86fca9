impl Almanac {
    pub fn day_of_year(&self, year: i64, month: i64, day: i64) -> Result<i64, String> {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let lengths = [
            31,
            if leap { 29 } else { 28 },
            31,
            30,
            31,
            30,
            31,
            31,
            30,
            31,
            30,
            31,
        ];
        if month < 1 || month > 12 {
            return Err(format!("there is no month {month}"));
        }
        let before = (month - 1) as usize;
        if day < 1 || day > lengths[before] {
            return Err(format!("month {month} has no day {day}"));
        }
        let passed: i64 = lengths[..before].iter().sum();
        Ok(passed + day)
    }
}
