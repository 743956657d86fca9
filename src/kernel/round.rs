//! What a round of SYNTHESIZING asks for: a repair of the best refused attempt, or fresh answers.
//!
//! A repair helps where the fault is named, as a compiler names it; where an example fails, a small model mostly writes
//! the same again, and other answers help more. Both take turns, and fresh answers grow bolder.

use super::judge::{RANK_OF_BUILT, RANK_OF_PROVEN};

/// What to ask BRICK for, one answer a temperature; 0 is greedy.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    pub is_repair: bool,
    pub temperatures: Vec<f32>,
}

impl Round {
    /// The round with that number, from 1. `best` is how far the best refused attempt came; `candidates` how many answers a
    /// fresh round has. Where checks alone do not `decide`, the first round has as many, so that they can be compared.
    pub fn new(number: u32, best: Option<u32>, decide: bool, candidates: usize) -> Self {
        if number <= 1 {
            let more = if decide || best.is_some() {
                0
            } else {
                candidates.saturating_sub(1)
            };
            let more = std::iter::repeat_n(0.7, more);
            return Self {
                is_repair: best.is_some(),
                temperatures: std::iter::once(0.0).chain(more).collect(),
            };
        }
        let fails_checks = best.is_some_and(|rank| (RANK_OF_BUILT..RANK_OF_PROVEN).contains(&rank));
        let is_repair = best.is_some() && number.is_multiple_of(2) != fails_checks;
        let temperatures = if is_repair {
            vec![if number == 2 { 0.2 } else { 0.6 }]
        } else {
            let bolder = if number < 4 { 0.8 } else { 1.0 };
            vec![bolder; candidates.max(1)]
        };
        Self {
            is_repair,
            temperatures,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_compiler_names_is_repaired_first() {
        let asked = |number, best| Round::new(number, best, true, 3).temperatures;
        assert_eq!(asked(1, None), [0.0]);
        assert_eq!(asked(2, Some(299)), [0.2]);
        assert_eq!(asked(3, Some(299)), [0.8, 0.8, 0.8]);
        assert_eq!(asked(4, Some(299)), [0.6]);
        assert_eq!(asked(2, Some(RANK_OF_PROVEN)), [0.2]);
        // Nothing was complete: there is nothing to repair.
        assert_eq!(asked(2, None).len(), 3);
    }

    #[test]
    fn where_an_example_fails_other_answers_come_first() {
        let round = |number| Round::new(number, Some(RANK_OF_BUILT + 98), true, 3);
        assert!(!round(2).is_repair);
        assert!(round(3).is_repair);
        assert_eq!(round(4).temperatures, [1.0, 1.0, 1.0]);
    }

    #[test]
    fn without_checks_the_first_answers_are_compared() {
        assert_eq!(Round::new(1, None, false, 3).temperatures, [0.0, 0.7, 0.7]);
        // A mission that mends begins with what failed.
        assert!(Round::new(1, Some(399), true, 3).is_repair);
    }
}
