impl DoorPlate {
    pub fn initials(&self, name: &str) -> String {
        let mut result = String::new();
        for word in name.split_whitespace() {
            if let Some(first) = word.chars().next() {
                result.push(first.to_ascii_uppercase());
                result.push('.');
            }
        }
        result
    }
}
