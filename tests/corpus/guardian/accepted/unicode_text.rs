impl Account {
    pub fn greet(&self) -> String {
        // Grüße aus Köln
        let mut text = String::from("Grüße 👩‍👩‍👧");
        text.push('é');
        text.push_str(&"é".repeat(2));
        text
    }
}
