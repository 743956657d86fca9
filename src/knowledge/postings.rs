//! Postings: which entries have which words how often, and how well an entry fits some words (BM25).

use std::collections::{BTreeMap, HashMap};

/// How soon more of the same word counts less.
const SATURATION: f64 = 1.2;
/// How much a long entry's words count less.
const LENGTH_WEIGHT: f64 = 0.75;
/// For the share of the words that are met, rareness is reckoned as if this many more entries were there: in a
/// small collection no word can be said to be rare.
const BACKGROUND: f64 = 100.0;

/// Of one word in one entry.
struct Posting {
    entry: u32,
    count: u32,
}

/// The words of all entries, by word.
#[derive(Default)]
pub struct Postings {
    words: HashMap<String, Vec<Posting>>,
    /// In words, by entry.
    lengths: HashMap<u32, u32>,
    /// Of all lengths.
    total: u64,
}

/// How an entry fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    pub entry: u32,
    /// BM25; comparable within one search only.
    pub score: f64,
    /// From 0 to 1: the share of what is asked, by rareness, that the entry has.
    pub share: f64,
    /// How many different words of what is asked it has.
    pub met: u32,
}

impl Postings {
    pub fn add(&mut self, entry: u32, words: &[String]) {
        for (word, count) in counted(words) {
            let postings = self.words.entry(word.to_owned()).or_default();
            postings.push(Posting { entry, count });
        }
        let length = u32::try_from(words.len()).unwrap_or(u32::MAX);
        self.total += u64::from(length);
        self.lengths.insert(entry, length);
    }

    /// `words` are those that it was added with.
    pub fn remove(&mut self, entry: u32, words: &[String]) {
        for (word, _) in counted(words) {
            if let Some(postings) = self.words.get_mut(word) {
                postings.retain(|posting| posting.entry != entry);
                if postings.is_empty() {
                    self.words.remove(word);
                }
            }
        }
        if let Some(length) = self.lengths.remove(&entry) {
            self.total -= u64::from(length);
        }
    }

    /// Every entry that has a word of these, in no order.
    pub fn fits(&self, words: &[String]) -> Vec<Fit> {
        let entries = count(self.lengths.len());
        let average = as_f64(self.total) / entries.max(1.0);
        let mut fits: HashMap<u32, Fit> = HashMap::new();
        let mut asked = 0.0;
        for (word, times) in counted(words) {
            let postings = self.words.get(word).map_or(&[][..], Vec::as_slice);
            let having = count(postings.len());
            let rareness = (1.0 + (entries - having + 0.5) / (having + 0.5)).ln();
            let weight = (1.0 + (entries + BACKGROUND) / (having + 1.0)).ln();
            asked += weight;
            for posting in postings {
                let length = self.lengths.get(&posting.entry).copied().unwrap_or(0);
                let length = f64::from(length) / average.max(1.0);
                let often = f64::from(posting.count);
                let damped = often + SATURATION * (1.0 - LENGTH_WEIGHT + LENGTH_WEIGHT * length);
                let fit = fits.entry(posting.entry).or_insert(Fit {
                    entry: posting.entry,
                    score: 0.0,
                    share: 0.0,
                    met: 0,
                });
                fit.score += f64::from(times) * rareness * often * (SATURATION + 1.0) / damped;
                fit.share += weight;
                fit.met += 1;
            }
        }
        let mut fits: Vec<Fit> = fits.into_values().collect();
        for fit in &mut fits {
            fit.share /= asked;
        }
        fits
    }
}

fn counted(words: &[String]) -> BTreeMap<&str, u32> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word.as_str()).or_insert(0) += 1;
    }
    counts
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a count of words is far below 2^52"
)]
fn as_f64(number: u64) -> f64 {
    number as f64
}
