impl Permutations {
    pub fn next(&self, numbers: Vec<i64>) -> Option<Vec<i64>> {
        let mut numbers = numbers;
        let place = (1..numbers.len())
            .rev()
            .find(|place| numbers[place - 1] < numbers[*place])?;
        let partner = (place..numbers.len())
            .rev()
            .find(|other| numbers[*other] > numbers[place - 1])?;
        numbers.swap(place - 1, partner);
        numbers[place..].reverse();
        Some(numbers)
    }
}
