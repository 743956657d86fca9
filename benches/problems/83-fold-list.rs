impl FoldedList {
    pub fn fold(&self, numbers: Vec<i64>) -> Vec<i64> {
        let count = numbers.len();
        let mut result = Vec::new();
        for place in 0..count / 2 {
            result.push(numbers[place] + numbers[count - 1 - place]);
        }
        if count % 2 == 1 {
            result.push(numbers[count / 2]);
        }
        result
    }
}
