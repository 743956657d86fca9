impl CardDealer {
    pub fn deal(&self, cards: Vec<isize>, players: usize) -> Vec<Vec<isize>> {
        let mut hands = vec![Vec::new(); players];
        if players == 0 {
            return hands;
        }
        for (index, card) in cards.into_iter().enumerate() {
            hands[index % players].push(card);
        }
        hands
    }
}
