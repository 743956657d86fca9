impl TextEditor {
    pub fn undo(&mut self) -> Option<String> {
        let previous = self.history.pop()?;
        let current = std::mem::replace(&mut self.text, previous);
        self.undone.push(current);
        let text = self.text.clone();
        self.mark_changed();
        Some(text)
    }
}
