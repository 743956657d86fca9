//! The search: what fits some words best, and whether it fits well enough to be shown to a model.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::index::{Entry, Index, Kind};
use super::postings::Fit;
use super::terms::terms;
use super::vectors::{Vectors, cosine};

/// Ranks count as 1 / (this + rank): the first of one list is not worth more than the third of both.
const RANK_DAMPING: f64 = 60.0;
/// Of each ranking, how many take part.
const RANKED: usize = 200;
/// Texts that are farther apart have nothing to do with each other.
const LEAST_COSINE: f32 = 0.25;

/// What is looked for.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    pub text: &'a str,
    /// Of these only.
    pub kinds: &'a [Kind],
    pub limit: usize,
    /// `None`: by words alone.
    pub meaning: Option<Meaning<'a>>,
}

/// The vector of what is looked for, and those that it is compared with.
#[derive(Clone, Copy)]
pub struct Meaning<'a> {
    pub vector: &'a [f32],
    pub vectors: &'a Vectors,
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
    /// From -1 to 1: how near it is in meaning; `None` where that is not known.
    pub cosine: Option<f32>,
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
                    cosine: None,
                },
            );
        }
        if let Some(meaning) = &query.meaning {
            self.add_by_meaning(meaning, &wanted, &mut hits);
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

    /// Compares with every vector there is.
    fn add_by_meaning<'e>(
        &'e self,
        meaning: &Meaning<'_>,
        wanted: &impl Fn(u32) -> Option<&'e Arc<Entry>>,
        hits: &mut BTreeMap<u32, Hit>,
    ) {
        let mut near = Vec::new();
        for (number, _, key) in self.all() {
            let (Some(entry), Some(vector)) = (wanted(number), meaning.vectors.get(key)) else {
                continue;
            };
            let cosine = cosine(meaning.vector, vector);
            if let Some(hit) = hits.get_mut(&number) {
                hit.cosine = Some(cosine);
            }
            if cosine >= LEAST_COSINE {
                near.push((cosine, number, entry));
            }
        }
        for (rank, (cosine, number, entry)) in ranked(near, |(cosine, ..)| f64::from(*cosine)) {
            let hit = hits.entry(number).or_insert_with(|| Hit {
                entry: Arc::clone(entry),
                score: 0.0,
                words: 0.0,
                share: 0.0,
                met: 0,
                cosine: Some(cosine),
            });
            hit.score += rank;
        }
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
