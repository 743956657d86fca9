impl SongChart {
    pub fn chart(&self, plays: Vec<String>) -> Vec<String> {
        let mut songs = plays.clone();
        songs.sort();
        songs.dedup();
        let count = |song: &String| plays.iter().filter(|play| *play == song).count();
        songs.sort_by(|one, two| count(two).cmp(&count(one)).then(one.cmp(two)));
        songs
    }
}
