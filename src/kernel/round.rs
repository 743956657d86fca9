//! What a round of SYNTHESIZING asks for: a repair of the best refused attempt, or fresh answers.
//!
//! A repair helps where the fault is named, as a compiler names it: there both take turns. Where an example fails, a small
//! model mostly writes the same again (of 22 such repairs one passed), so one is tried, between fresh answers. Those grow
//! bolder.

use super::judge::{RANK_OF_BUILT, RANK_OF_PROVEN};

/// The round that repairs what fails its examples.
const THE_REPAIR_OF_CHECKS: u32 = 3;

/// What to ask BRICK for, one answer a temperature; 0 is greedy.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    pub is_repair: bool,
    pub temperatures: Vec<f32>,
}

impl Round {
    /// Whether the round with that number tells the model more of how to write: others that come of a wrong answer should
    /// come of other words too.
    pub const fn is_in_full(number: u32) -> bool {
        number.is_multiple_of(2)
    }

    /// The round with that number, from 1. `best` is how far the best refused attempt came; `candidates` how many answers a
    /// fresh round has. Where checks alone do not `decide`, so has the first: they are compared.
    pub fn new(number: u32, best: Option<u32>, decide: bool, candidates: usize) -> Self {
        if number <= 1 {
            let more = if decide || best.is_some() {
                0
            } else {
                candidates.saturating_sub(1)
            };
            let more = std::iter::repeat_n(0.8, more);
            return Self {
                is_repair: best.is_some(),
                temperatures: std::iter::once(0.0).chain(more).collect(),
            };
        }
        let fails_checks = best.is_some_and(|rank| (RANK_OF_BUILT..RANK_OF_PROVEN).contains(&rank));
        let its_turn = if fails_checks {
            number == THE_REPAIR_OF_CHECKS
        } else {
            number.is_multiple_of(2)
        };
        let is_repair = best.is_some() && its_turn;
        let temperatures = if is_repair {
            vec![if number == 2 { 0.2 } else { 0.6 }]
        } else {
            // What is only compared is asked for alike.
            let bolder = if number < 4 || best.is_none() {
                0.8
            } else {
                1.0
            };
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
        let repairs = (2..=7).filter(|number| round(*number).is_repair);
        assert_eq!(repairs.collect::<Vec<_>>(), [3]);
        assert_eq!(round(2).temperatures, [0.8, 0.8, 0.8]);
        assert_eq!(round(4).temperatures, [1.0, 1.0, 1.0]);
        assert_eq!(Round::new(4, None, false, 3).temperatures, [0.8, 0.8, 0.8]);
    }

    #[test]
    fn the_first_answers_and_the_next_come_of_different_words() {
        let told = (1..=7).filter(|number| Round::is_in_full(*number));
        assert_eq!(told.collect::<Vec<_>>(), [2, 4, 6]);
    }

    #[test]
    fn without_checks_the_first_answers_are_compared() {
        let asked = |candidates| Round::new(1, None, false, candidates).temperatures;
        assert_eq!(asked(3), [0.0, 0.8, 0.8]);
        assert_eq!(asked(1), [0.0]);
        // A mission that mends begins with what failed.
        assert!(Round::new(1, Some(399), true, 3).is_repair);
    }
}
