impl SlugMaker {
    pub fn slug(&self, title: &str) -> String {
        let mut result = String::new();
        for letter in title.chars() {
            if letter.is_alphanumeric() {
                result.extend(letter.to_lowercase());
            } else if !result.is_empty() && !result.ends_with('-') {
                result.push('-');
            }
        }
        if result.ends_with('-') {
            result.pop();
        }
        result
    }
}
