//! What a sentence most likely wants, judged by its words alone: a second opinion beside the model's.
//!
//! A logistic regression over runs of up to three words, trained when it is first asked on the sentences of `intents.tsv`
//! and of the bank; that takes a tenth of a second and gives the same weights each time. The model is better at what is meant
//! by a name, the regression at what a turn of phrase is for; they err in different sentences.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::marked::marked;
use super::{bank, examples};
use crate::persona::Intent;
use crate::persona::scene::Scene;

/// An intent and a sentence a line, with a tab between them. Names are marked already.
const SENTENCES: &str = include_str!("intents.tsv");

const INTENTS: usize = Intent::ALL.len();
type Scores = [f64; INTENTS];

const EPOCHS: usize = 20;
const RATE: f64 = 0.2;
/// What keeps weights small.
const DECAY: f64 = 1e-3;
/// Steps through the sentences so that neighbours, which are alike, do not follow each other.
const STRIDE: usize = 7919;
/// The longest run of words that counts.
const LONGEST: usize = 3;
/// What the model's opinion weighs beside a probability.
const OF_THE_MODEL: f64 = 0.5;

/// The intent to go by, where the model's is `told`.
pub(super) fn settled(told: Intent, words: &str, scene: &Scene) -> Intent {
    let probable = model().probabilities(&marked(words, scene));
    let mut best = (told, 0.0);
    for (intent, probability) in Intent::ALL.into_iter().zip(probable) {
        let score = probability + if intent == told { OF_THE_MODEL } else { 0.0 };
        if score > best.1 {
            best = (intent, score);
        }
    }
    best.0
}

fn model() -> &'static Regression {
    static MODEL: OnceLock<Regression> = OnceLock::new();
    MODEL.get_or_init(|| Regression::train(&sentences()))
}

/// All that is learnt from, marked, with the intent that is right.
fn sentences() -> Vec<(Vec<String>, Intent)> {
    let scene = examples::scene();
    let given = SENTENCES.lines().filter(|line| !line.starts_with('#'));
    let given = given.filter_map(|line| {
        let (intent, words) = line.split_once('\t')?;
        // Marks are in capitals already, and no name is known.
        let words = super::marked::parts(words).into_iter();
        let is_mark = |word: &str| ["OBJ", "MTH", "SLT", "NUM"].contains(&word);
        let words = words.map(|word| {
            if is_mark(word) {
                word.to_owned()
            } else {
                word.to_lowercase()
            }
        });
        Some((words.collect(), Intent::from_name(intent)?))
    });
    let examples = bank::examples().filter_map(|(words, mission)| {
        let mission: serde_json::Value = serde_json::from_str(mission).ok()?;
        let intent = Intent::from_name(mission.get("intent")?.as_str()?)?;
        Some((marked(words, &scene), intent))
    });
    given.chain(examples).collect()
}

/// How much each run of words speaks for each intent.
struct Regression {
    runs: HashMap<String, usize>,
    /// By run, how seldom it is.
    rarity: Vec<f64>,
    weights: Vec<Scores>,
}

impl Regression {
    fn train(sentences: &[(Vec<String>, Intent)]) -> Self {
        let mut model = Self::untrained(sentences);
        let all: Vec<(Vec<(usize, f64)>, usize)> = sentences
            .iter()
            .map(|(words, intent)| (model.weighed(words), place(*intent)))
            .collect();
        let mut counts = [0.0_f64; INTENTS];
        for (_, right) in &all {
            if let Some(count) = counts.get_mut(*right) {
                *count += 1.0;
            }
        }
        let mut squares = vec![[1e-8; INTENTS]; model.weights.len()];
        for epoch in 0..EPOCHS {
            for step in 0..all.len() {
                let Some((runs, right)) = all.get((step * STRIDE + epoch) % all.len()) else {
                    continue;
                };
                // An intent with few sentences counts as much as the others.
                let share = counts.get(*right).map_or(1.0, |count| {
                    total(&counts) / (total(&[1.0; INTENTS]) * count)
                });
                let mut error = model.scores(runs);
                soften(&mut error);
                for (intent, error) in error.iter_mut().enumerate() {
                    *error = (*error - f64::from(u8::from(intent == *right))) * share;
                }
                model.step(runs, &error, &mut squares);
            }
        }
        model
    }

    /// Every run with its rarity, all weights nothing.
    fn untrained(sentences: &[(Vec<String>, Intent)]) -> Self {
        let mut runs: HashMap<String, usize> = HashMap::new();
        let mut counts: Vec<f64> = Vec::new();
        for (words, _) in sentences {
            for (run, _) in counted(words) {
                let next = runs.len();
                let at = *runs.entry(run).or_insert(next);
                if at == counts.len() {
                    counts.push(0.0);
                }
                if let Some(count) = counts.get_mut(at) {
                    *count += 1.0;
                }
            }
        }
        let all = sentences.iter().fold(1.0, |sum, _| sum + 1.0);
        let rarity = counts.iter().map(|count| (all / (1.0 + count)).ln() + 1.0);
        Self {
            rarity: rarity.collect(),
            weights: vec![[0.0; INTENTS]; counts.len()],
            runs,
        }
    }

    /// The known runs of a sentence, each by its rarity; together of length 1.
    fn weighed(&self, words: &[String]) -> Vec<(usize, f64)> {
        let mut weighed: Vec<(usize, f64)> = counted(words)
            .into_iter()
            .filter_map(|(run, count)| {
                let at = *self.runs.get(&run)?;
                Some((at, (1.0 + count.ln()) * self.rarity.get(at)?))
            })
            .collect();
        // A sum over a hash map's order would differ from run to run.
        weighed.sort_by_key(|(at, _)| *at);
        let length = weighed
            .iter()
            .map(|(_, weight)| weight * weight)
            .sum::<f64>()
            .sqrt();
        for (_, weight) in &mut weighed {
            *weight /= length.max(f64::MIN_POSITIVE);
        }
        weighed
    }

    fn scores(&self, runs: &[(usize, f64)]) -> Scores {
        let mut scores = [0.0; INTENTS];
        for (at, value) in runs {
            let weights = self.weights.get(*at).into_iter().flatten();
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += weight * value;
            }
        }
        scores
    }

    /// One step against the error; often seen runs take shorter ones.
    fn step(&mut self, runs: &[(usize, f64)], error: &Scores, squares: &mut [Scores]) {
        for (at, value) in runs {
            let (Some(weights), Some(squares)) = (self.weights.get_mut(*at), squares.get_mut(*at))
            else {
                continue;
            };
            for ((weight, square), error) in weights.iter_mut().zip(squares).zip(error) {
                let slope = error * value + DECAY * *weight;
                *square += slope * slope;
                *weight -= RATE * slope / square.sqrt();
            }
        }
    }

    fn probabilities(&self, words: &[String]) -> Scores {
        let mut scores = self.scores(&self.weighed(words));
        soften(&mut scores);
        scores
    }
}

fn place(intent: Intent) -> usize {
    let mut all = Intent::ALL.iter();
    all.position(|one| *one == intent).unwrap_or_default()
}

fn total(numbers: &Scores) -> f64 {
    numbers.iter().sum()
}

/// Scores as probabilities.
fn soften(scores: &mut Scores) {
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
    }
    let all = total(scores);
    for score in scores.iter_mut() {
        *score /= all;
    }
}

/// The runs of one to three words, start and end among them, and how often each is there.
fn counted(words: &[String]) -> HashMap<String, f64> {
    let mut all = vec!["^"];
    all.extend(words.iter().map(String::as_str));
    all.push("$");
    let mut counts: HashMap<String, f64> = HashMap::new();
    for length in 1..=LONGEST {
        for run in all.windows(length) {
            if !matches!(run, ["^" | "$"]) {
                *counts.entry(run.join(" ")).or_default() += 1.0;
            }
        }
    }
    counts
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::persona::scene::{Known, KnownMethod};

    #[test]
    fn every_line_has_an_intent_and_none_is_there_twice() {
        let lines = SENTENCES.lines().filter(|line| !line.starts_with('#'));
        let mut seen: Vec<&str> = Vec::new();
        for line in lines {
            let (intent, words) = line.split_once('\t').unwrap();
            assert!(Intent::from_name(intent).is_some(), "{line}");
            seen.push(words);
        }
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }

    /// A measured sentence that was learnt would measure memory.
    #[test]
    fn no_sentence_of_the_benchmark_is_learnt() {
        let learnt: Vec<String> = sentences().iter().map(|(words, _)| plain(words)).collect();
        let mut both = Vec::new();
        for file in ["sentences.json", "sentences-2.json"] {
            let file = format!("{}/benches/{file}", env!("CARGO_MANIFEST_DIR"));
            let measured: Vec<serde_json::Value> =
                serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            for sentence in measured {
                let objects = sentence.pointer("/context/objects").unwrap();
                let known = objects.as_array().unwrap().iter().map(known).collect();
                let scene = Scene {
                    known,
                    ..Scene::default()
                };
                let words = sentence.get("text").unwrap().as_str().unwrap();
                let words = plain(&marked(words, &scene));
                both.extend(learnt.contains(&words).then_some(words));
            }
        }
        assert!(both.is_empty(), "{both:?}");
    }

    /// Without what stands between words.
    fn plain(words: &[String]) -> String {
        let words = words.iter().map(String::as_str);
        let words = words.filter(|word| word.chars().any(char::is_alphanumeric));
        words.collect::<Vec<_>>().join(" ")
    }

    fn known(object: &serde_json::Value) -> Known {
        let methods = object.get("methods").unwrap().as_array().unwrap();
        let slots = object.get("slots").unwrap().as_object().unwrap();
        Known {
            object: object.get("name").unwrap().as_str().unwrap().to_owned(),
            parent: None,
            slots: slots.keys().cloned().collect(),
            methods: methods
                .iter()
                .filter_map(|signature| KnownMethod::of(signature.as_str()?))
                .collect(),
        }
    }

    #[test]
    fn words_outweigh_the_model_where_they_are_plain() {
        let scene = examples::scene();
        let settled = |told, words| settled(told, words, &scene);
        assert_eq!(
            settled(Intent::Send, "why does push take so long?"),
            Intent::Ask
        );
        assert_eq!(settled(Intent::Ask, "thank you, that is all"), Intent::Chat);
        assert_eq!(
            settled(Intent::Chat, "the lease ends in june"),
            Intent::Remember
        );
        // Where they leave it open, the model decides.
        assert_eq!(settled(Intent::Send, "size"), Intent::Send);
        assert_eq!(settled(Intent::Inspect, "zzz"), Intent::Inspect);
    }
}
