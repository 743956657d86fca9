//! The search: what fits some words best, and whether it fits well enough to be shown to a model.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::index::{Entry, Index, Kind};
use super::postings::Fit;
use super::terms::terms;

/// Ranks count as 1 / (this + rank): the first of one list is not worth more than the third of both.
const RANK_DAMPING: f64 = 60.0;
/// Of each ranking, how many take part.
const RANKED: usize = 200;

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    pub text: &'a str,
    /// Of these only.
    pub kinds: &'a [Kind],
    pub limit: usize,
}

/// Something found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub entry: Arc<Entry>,
    /// The sum over the rankings that it is in, of 1 / (60 + rank): what the hits are ordered by.
    pub score: f64,
    /// BM25; 0 when it has none of the words.
    pub words: f64,
    /// From 0 to 1: the share of the words asked for, by rareness, that it has.
    pub share: f64,
    /// How many different words asked for it has.
    pub met: u32,
}

impl Index {
    /// Best first; equals by kind, name and place, so that the same state gives the same list.
    pub fn search(&self, query: &Query<'_>) -> Vec<Hit> {
        let wanted = |number: u32| {
            self.entry(number)
                .filter(|entry| query.kinds.contains(&entry.kind))
        };
        let fits = self.postings().fits(&terms(query.text)).into_iter();
        let by_words: Vec<(Fit, &Arc<Entry>)> = fits
            .filter_map(|fit| Some((fit, wanted(fit.entry)?)))
            .collect();
        let mut hits: BTreeMap<u32, Hit> = BTreeMap::new();
        for (rank, (fit, entry)) in ranked(by_words, |(fit, _)| fit.score) {
            hits.insert(
                fit.entry,
                Hit {
                    entry: Arc::clone(entry),
                    score: rank,
                    words: fit.score,
                    share: fit.share,
                    met: fit.met,
                },
            );
        }
        let mut hits: Vec<Hit> = hits.into_values().collect();
        hits.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then_with(|| order(&a.entry).cmp(&order(&b.entry)))
        });
        hits.truncate(query.limit);
        hits
    }
}

/// The best by their scores, each with what its rank counts; equals share the better rank.
fn ranked<T>(mut all: Vec<T>, score: impl Fn(&T) -> f64) -> Vec<(f64, T)> {
    all.sort_by(|a, b| score(b).total_cmp(&score(a)));
    all.truncate(RANKED);
    let (mut rank, mut last) = (0.0, f64::INFINITY);
    let mut counted = Vec::new();
    for (place, one) in (1_u32..).zip(all) {
        if score(&one) < last {
            last = score(&one);
            rank = f64::from(place);
        }
        counted.push((1.0 / (RANK_DAMPING + rank), one));
    }
    counted
}

fn order(entry: &Entry) -> (Kind, &str, u32) {
    (entry.kind, &entry.name, entry.line)
}
