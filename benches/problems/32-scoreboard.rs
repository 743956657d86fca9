impl Scoreboard {
    pub fn record(&mut self, player: &str, points: i64) -> Vec<String> {
        *self.points.entry(player.to_string()).or_insert(0) += points;
        let mut order: Vec<(i64, String)> = self
            .points
            .iter()
            .map(|(name, points)| (-points, name.clone()))
            .collect();
        order.sort();
        let names = order.into_iter().map(|(_, name)| name).collect();
        self.mark_changed();
        names
    }
}
