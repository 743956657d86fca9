//! More of what people say, with what is right: the translator gets those that are most like the words at hand.
//!
//! A small model follows an example that resembles what it is asked. What is alike is judged by the words that
//! two sentences share, each weighed by how seldom it is in the bank, and by how they begin.

use std::collections::HashMap;
use std::sync::OnceLock;

/// What was said and what is right; the objects are those of the translator's other examples.
type Example = (&'static str, &'static str);

/// One example a line, the words and the mission with a tab between them; lines with `#` are headings.
const BANK: &str = include_str!("bank.tsv");

/// So many examples go along with each request.
const NEAREST: usize = 4;
/// How much the first word counts beside others: it tells a question from an order.
const FIRST: f64 = 1.5;
/// How much a pair of neighbouring words counts beside the words themselves.
const PAIR: f64 = 0.8;

/// The examples that are most like the words, the likest last: what was read last is followed most.
pub(super) fn nearest(words: &str) -> Vec<Example> {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(Index::new).nearest(words)
}

/// All of them.
pub(super) fn examples() -> impl Iterator<Item = Example> {
    BANK.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
}

struct Index {
    examples: Vec<Example>,
    /// By feature, how much it says.
    weights: HashMap<String, f64>,
    features: Vec<Vec<String>>,
}

impl Index {
    fn new() -> Self {
        let examples: Vec<Example> = examples().collect();
        let features: Vec<Vec<String>> =
            examples.iter().map(|(words, _)| features(words)).collect();
        let mut counts: HashMap<String, f64> = HashMap::new();
        for feature in features.iter().flatten() {
            *counts.entry(feature.clone()).or_default() += 1.0;
        }
        let all = u32::try_from(examples.len()).map_or(1.0, f64::from);
        let weights = counts
            .into_iter()
            .map(|(feature, count)| {
                let kind = match feature.as_bytes().first() {
                    Some(b'^') => FIRST,
                    Some(b'+') => PAIR,
                    _ => 1.0,
                };
                let weight = kind * (1.0 + all / count).ln();
                (feature, weight)
            })
            .collect();
        Self {
            examples,
            weights,
            features,
        }
    }

    fn nearest(&self, words: &str) -> Vec<Example> {
        let asked = features(words);
        let mut ranked: Vec<(f64, usize)> = self
            .features
            .iter()
            .enumerate()
            .map(|(at, features)| (self.likeness(&asked, features), at))
            .collect();
        ranked.retain(|(likeness, _)| *likeness > 0.0);
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.truncate(NEAREST);
        let examples = ranked.iter().rev();
        examples
            .filter_map(|(_, at)| self.examples.get(*at))
            .copied()
            .collect()
    }

    /// The weight of what both have, beside the weight of what either has.
    fn likeness(&self, asked: &[String], features: &[String]) -> f64 {
        // What is in no example says as much as what is in one.
        let unknown = self.weights.values().copied().fold(0.0, f64::max) / FIRST;
        let weight = |feature: &String| self.weights.get(feature).copied().unwrap_or(unknown);
        let sum = |features: &[String]| features.iter().map(weight).sum::<f64>();
        let both = features.iter().filter(|feature| asked.contains(feature));
        let both = both.map(weight).sum::<f64>();
        both / (sum(features) * sum(asked)).sqrt().max(f64::MIN_POSITIVE)
    }
}

/// The words, the first one once more, neighbouring pairs, and whether it is a question; each once.
fn features(words: &str) -> Vec<String> {
    let lower = words.to_lowercase();
    let all: Vec<&str> = lower
        .split(|letter: char| !letter.is_alphanumeric() && letter != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let mut features: Vec<String> = all.iter().map(|word| (*word).to_owned()).collect();
    features.extend(all.first().map(|word| format!("^{word}")));
    features.extend(all.windows(2).map(|pair| format!("+{}", pair.join(" "))));
    if lower.trim_end().ends_with('?') {
        features.push("?".to_owned());
    }
    features.sort();
    features.dedup();
    features
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn intents(words: &str) -> Vec<&'static str> {
        let examples = nearest(words).into_iter();
        examples.map(|(_, mission)| mission).collect()
    }

    #[test]
    fn what_is_most_like_the_words_stands_last() {
        assert_eq!(
            nearest("Wow!").last(),
            Some(&("wow", r#"{"intent": "chat"}"#))
        );
        let likest = |words| *intents(words).last().unwrap();
        assert_eq!(likest("revert the change"), r#"{"intent": "undo"}"#);
        assert_eq!(likest("how does a method work?"), r#"{"intent": "ask"}"#);
        assert_eq!(nearest("how does a method work?").len(), NEAREST);
        // Nothing is like these.
        assert_eq!(nearest("zzz"), []);
    }

    #[test]
    fn every_line_is_an_example_and_none_is_there_twice() {
        let lines = BANK.lines().filter(|line| !line.starts_with('#')).count();
        let mut words: Vec<&str> = examples().map(|(words, _)| words).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), lines);
        for (words, mission) in examples() {
            let mission: serde_json::Value = serde_json::from_str(mission).unwrap();
            assert!(mission.get("intent").is_some(), "{words}");
        }
    }
}
