impl DateNumbers {
    pub fn days_between(&self, from: i64, to: i64) -> Result<i64, String> {
        fn day_number(date: i64) -> Result<i64, String> {
            let (year, month, day) = (date / 10000, date / 100 % 100, date % 100);
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
            if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
                return Err(format!("{date} is no date"));
            }
            let before = (month - 1) as usize;
            if day < 1 || day > lengths[before] {
                return Err(format!("{date} is no date"));
            }
            let past = year - 1;
            let months: i64 = lengths[..before].iter().sum();
            Ok(past * 365 + past / 4 - past / 100 + past / 400 + months + day)
        }
        Ok(day_number(to)? - day_number(from)?)
    }
}
