impl Billing {
    pub fn add_months(&self, date: i64, months: i64) -> i64 {
        let day = date % 100;
        let count = date / 10000 * 12 + (date / 100 % 100 - 1) + months;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let last = match month {
            2 => {
                if leap {
                    29
                } else {
                    28
                }
            }
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        year * 10000 + month * 100 + day.min(last)
    }
}
