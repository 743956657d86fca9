impl SafeSum {
    pub fn total(&self, numbers: Vec<i32>) -> Result<i32, String> {
        let sum: i64 = numbers.iter().map(|number| i64::from(*number)).sum();
        i32::try_from(sum).map_err(|_| format!("{sum} does not fit"))
    }
}
