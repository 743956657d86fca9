impl Playlist {
    pub fn play(&mut self) -> Option<String> {
        let song = self.songs.get(self.position).cloned();
        if song.is_some() {
            self.position = (self.position + 1) % self.songs.len();
        }
        self.mark_changed();
        song
    }
}
