impl CinemaRow {
    pub fn quiet_seats(&self, row: &str) -> usize {
        let seats: Vec<char> = row.chars().collect();
        let mut count = 0;
        for place in 0..seats.len() {
            let left = place > 0 && seats[place - 1] == 'x';
            let right = place + 1 < seats.len() && seats[place + 1] == 'x';
            if seats[place] == '.' && !left && !right {
                count += 1;
            }
        }
        count
    }
}
