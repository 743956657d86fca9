impl Snowfall {
    pub fn above_average(&self, values: Vec<f64>) -> Vec<f64> {
        if values.is_empty() {
            return values;
        }
        let average = values.iter().sum::<f64>() / values.len() as f64;
        values
            .into_iter()
            .filter(|value| *value > average)
            .collect()
    }
}
