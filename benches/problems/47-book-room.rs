impl MeetingRoom {
    pub fn book(&mut self, start: i64, end: i64) -> Result<usize, String> {
        if end <= start {
            return Err("the end is not later than the start".to_string());
        }
        if self
            .bookings
            .iter()
            .any(|(from, to)| start < *to && *from < end)
        {
            return Err("the room is taken".to_string());
        }
        let place = self
            .bookings
            .iter()
            .filter(|(from, _)| *from < start)
            .count();
        self.bookings.insert(place, (start, end));
        self.mark_changed();
        Ok(place)
    }
}
