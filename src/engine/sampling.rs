//! Chooses the next token from the logits, reproducibly.
//!
//! Nothing of llama.cpp's samplers is used: the same logits and the same seed give the same token in every
//! version. Greedy is one pass. A nucleus (`top_p` below 1) is cut from the 40 likeliest tokens; with a
//! `top_p` of 1 every token has its chance. The vocabulary is never sorted, and nothing is allocated a token.

use crate::wire::engine::Sampling;

/// The tokens that a nucleus is cut from.
const NUCLEUS_FROM: usize = 40;

/// One candidate's way of choosing.
#[derive(Debug)]
pub struct Chooser {
    temperature: f32,
    top_p: f32,
    random: SplitMix64,
    likeliest: Vec<(f32, usize)>,
}

impl Chooser {
    pub fn new(sampling: &Sampling) -> Self {
        Self {
            temperature: sampling.temperature,
            top_p: sampling.top_p,
            random: SplitMix64(sampling.seed),
            likeliest: Vec::with_capacity(NUCLEUS_FROM + 1),
        }
    }

    /// The number of the chosen token; `None` when no token is possible (all logits are minus infinity or NaN).
    pub fn choose(&mut self, logits: &[f32]) -> Option<usize> {
        if self.temperature <= 0.0 {
            greedy(logits)
        } else if self.top_p < 1.0 {
            self.draw_from_nucleus(logits)
        } else {
            self.draw_from_all(logits)
        }
    }

    fn draw_from_nucleus(&mut self, logits: &[f32]) -> Option<usize> {
        keep_likeliest(&mut self.likeliest, logits);
        let (best, _) = *self.likeliest.first()?;
        let temperature = f64::from(self.temperature);
        let weight = |logit: f32| ((f64::from(logit) - f64::from(best)) / temperature).exp();
        let total: f64 = self.likeliest.iter().map(|(logit, _)| weight(*logit)).sum();
        let wanted = f64::from(self.top_p.max(0.0)) * total;
        let mut mass = 0.0;
        let mut size = 0;
        for (logit, _) in &self.likeliest {
            mass += weight(*logit);
            size += 1;
            if mass >= wanted {
                break;
            }
        }
        let mut left = self.random.unit() * mass;
        let nucleus = self.likeliest.iter().take(size);
        let mut last = None;
        for (logit, token) in nucleus {
            last = Some(*token);
            left -= weight(*logit);
            if left < 0.0 {
                break;
            }
        }
        last
    }

    fn draw_from_all(&mut self, logits: &[f32]) -> Option<usize> {
        let best = *logits.get(greedy(logits)?)?;
        let weight = |logit: f32| f64::from(((logit - best) / self.temperature).exp());
        let possible = || {
            logits
                .iter()
                .enumerate()
                .filter(|(_, l)| **l > f32::NEG_INFINITY)
        };
        let total: f64 = possible().map(|(_, logit)| weight(*logit)).sum();
        let mut left = self.random.unit() * total;
        let mut last = None;
        for (token, logit) in possible() {
            let weight = weight(*logit);
            if weight > 0.0 {
                last = Some(token);
                left -= weight;
                if left < 0.0 {
                    break;
                }
            }
        }
        last
    }
}

/// The likeliest token; of equals the first.
fn greedy(logits: &[f32]) -> Option<usize> {
    // Blocks, so that the compiler can use vector instructions for the maximum.
    let mut best = f32::NEG_INFINITY;
    for block in logits.chunks(64) {
        let top = block
            .iter()
            .fold(f32::NEG_INFINITY, |top, l| if *l > top { *l } else { top });
        if top > best {
            best = top;
        }
    }
    if best == f32::NEG_INFINITY {
        return None;
    }
    logits.iter().position(|logit| *logit >= best)
}

/// Fills `kept` with the likeliest tokens, likeliest first; of equals the earlier token comes first.
fn keep_likeliest(kept: &mut Vec<(f32, usize)>, logits: &[f32]) {
    kept.clear();
    let mut bar = f32::NEG_INFINITY;
    for (token, logit) in logits.iter().enumerate() {
        if *logit > bar {
            let place = kept.partition_point(|(other, _)| other >= logit);
            kept.insert(place, (*logit, token));
            kept.truncate(NUCLEUS_FROM);
            if kept.len() == NUCLEUS_FROM {
                bar = kept.last().map_or(bar, |(lowest, _)| *lowest);
            }
        }
    }
}

/// Sebastiano Vigna's `SplitMix64` (public domain): a 64-bit counter through a mixing function.
#[derive(Debug, Clone)]
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Evenly from 0 (included) to 1 (excluded), in steps of 2^-53.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit an f64 exactly")]
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
mod tests {
    use super::{Chooser, SplitMix64};
    use crate::wire::engine::Sampling;

    fn chooser(seed: u64, temperature: f32, top_p: f32) -> Chooser {
        Chooser::new(&Sampling {
            seed,
            temperature,
            top_p,
        })
    }

    #[test]
    fn the_generator_is_splitmix64() {
        // The reference implementation's first outputs for the seed 1234567.
        let mut random = SplitMix64(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn greedy_takes_the_first_of_the_likeliest_and_skips_what_is_no_number() {
        let mut logits = vec![-1.0; 200];
        logits[70] = f32::NAN;
        logits[130] = 2.0;
        logits[190] = 2.0;
        assert_eq!(chooser(1, 0.0, 1.0).choose(&logits), Some(130));
        assert_eq!(chooser(1, 0.0, 1.0).choose(&[f32::NEG_INFINITY; 3]), None);
        assert_eq!(chooser(1, 0.7, 0.9).choose(&[f32::NEG_INFINITY; 3]), None);
        assert_eq!(chooser(1, 0.7, 1.0).choose(&[f32::NAN; 3]), None);
    }

    #[test]
    fn frequencies_follow_the_probabilities() {
        // Probabilities 0.5, 0.25, 0.25 at temperature 1.
        let logits = [2.0_f32.ln(), 0.0, f32::NEG_INFINITY, 0.0];
        for top_p in [1.0, 0.999] {
            let mut chooser = chooser(7, 1.0, top_p);
            let mut counts = [0_u32; 4];
            for _ in 0..20_000 {
                counts[chooser.choose(&logits).unwrap()] += 1;
            }
            assert_eq!(counts[2], 0);
            assert!((9_700..10_300).contains(&counts[0]), "{counts:?}");
            assert!((4_700..5_300).contains(&counts[1]), "{counts:?}");
        }
    }

    #[test]
    fn a_nucleus_leaves_out_the_tail_and_a_seed_repeats() {
        let logits: Vec<f32> = (0..1000_u16).map(|i| -f32::from(i) * 0.5).collect();
        let draw = |seed| {
            let mut chooser = chooser(seed, 1.0, 0.6);
            (0..50)
                .map(|_| chooser.choose(&logits).unwrap())
                .collect::<Vec<_>>()
        };
        assert!(draw(3).iter().all(|token| *token < 3));
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }
}
