impl GuestBook {
    pub fn sign(&mut self, name: &str) -> bool {
        let name = name.trim();
        let known = self
            .guests
            .iter()
            .any(|guest| guest.to_lowercase() == name.to_lowercase());
        let signed = !name.is_empty() && !known;
        if signed {
            self.guests.push(name.to_string());
        }
        self.mark_changed();
        signed
    }
}
