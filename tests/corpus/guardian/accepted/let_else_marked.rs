impl Account {
    pub fn take_note(&mut self) -> Option<String> {
        let Some(note) = self.note.take() else {
            self.mark_changed();
            return None;
        };
        self.mark_changed();
        Some(note)
    }
}
