impl Account {
    pub fn first_char(&self) -> Option<char> {
        let text = self.note.as_ref()?;
        text.chars().next()
    }
}
