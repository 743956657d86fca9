impl Account {
    pub fn first_word(&self) -> Option<String> {
        let Some(note) = &self.note else {
            return None;
        };
        note.split_whitespace().next().map(str::to_string)
    }
}
