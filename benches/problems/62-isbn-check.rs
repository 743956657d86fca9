impl Isbn {
    pub fn is_valid(&self, isbn: &str) -> bool {
        let letters: Vec<char> = isbn.chars().filter(|letter| *letter != '-').collect();
        if letters.len() != 10 {
            return false;
        }
        let mut sum = 0;
        for (place, letter) in letters.iter().enumerate() {
            let value = match letter.to_digit(10) {
                Some(digit) => digit,
                None if *letter == 'X' && place == 9 => 10,
                None => return false,
            };
            sum += value * (10 - place as u32);
        }
        sum % 11 == 0
    }
}
