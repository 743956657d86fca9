impl WeatherWords {
    pub fn describe(&self, degrees: i64) -> String {
        let word = if degrees < 0 {
            "frost"
        } else if degrees < 15 {
            "cool"
        } else if degrees < 25 {
            "mild"
        } else {
            "hot"
        };
        word.to_string()
    }
}
