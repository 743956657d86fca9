impl Naming {
    pub fn snake_case(&self, name: &str) -> String {
        let mut result = String::new();
        for (place, letter) in name.chars().enumerate() {
            if letter.is_ascii_uppercase() {
                if place > 0 {
                    result.push('_');
                }
                result.push(letter.to_ascii_lowercase());
            } else {
                result.push(letter);
            }
        }
        result
    }
}
