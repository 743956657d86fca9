//! DELEGATING: what the image has that helps, digested to fit a prompt.
//!
//! Small models are easily led astray, so little is taken and only what fits well: a passage that shares a fair
//! part of the brief's words, a method of the same name and signature. What was taken stands in the mission's
//! document, where a repeated step finds the same.

use similar::{ChangeTag, TextDiff};

use super::judge::Judged;
use super::psm::{Next, Run, StepError, Worker};
use super::shared::refuse_other_types;
use super::teach::{Lesson, draft_of, hopeless, subject};
use crate::image::{ImageError, Method, Read, View};
use crate::knowledge::{Cure, Entry, FACTS, Hit, Kind, Query, cure_key, failure_key};
use crate::method::{Receiver, Signature};
use crate::persona::{Draft, Intent, Neighbour, Passage, words};
use crate::wire::messages::MissionState;

/// Methods of the object that the prompt names.
const MOST_NEIGHBOURS: usize = 24;
/// Of those how many are shown as they are written, and the bytes of each.
const MOST_SOURCES: usize = 2;
const MOST_SOURCE: usize = 1200;
/// Passages that a prompt to write a method has, and their bytes together.
const PASSAGES: usize = 2;
const PASSAGES_BYTES: usize = 1600;
/// The least share of the brief's words, and the least number of them, that a passage has.
const LEAST_SHARE: f64 = 0.3;
const LEAST_WORDS: u32 = 3;
/// Or how near it is in meaning.
const LEAST_COSINE: f32 = 0.55;
/// The same for a method of another object, and for what cured another method's failure.
const LEAST_SHARE_OF_OTHERS: f64 = 0.5;
/// Passages that an answer has, and their bytes together.
const ANSWER_PASSAGES: usize = 6;
const ANSWER_BYTES: usize = 3600;
/// The least share of a question's words.
const LEAST_SHARE_OF_QUESTION: f64 = 0.2;
/// Or how near it is to the question in meaning.
const LEAST_COSINE_OF_QUESTION: f32 = 0.4;
/// Facts that an answer has when nothing fits.
const NEWEST_FACTS: usize = 5;
/// Lines of a cure that are kept.
const CURE_LINES: usize = 6;

impl Worker {
    /// A method that fits ends the mission; other intents are attended to here.
    pub(super) fn delegate(&mut self, run: &mut Run) -> Result<Option<Next>, StepError> {
        let draft = draft_of(run)?;
        if draft.intent != Intent::Teach {
            return self.attend(run, &draft);
        }
        if draft.source.is_some() {
            let note = "nothing is looked for: the source is given";
            return Ok(Some(Next::new(MissionState::Synthesizing, note)));
        }
        if self.use_installed(run)? {
            return Ok(None);
        }
        // It was sent here for a method that has changed since.
        if draft.signature.is_none() {
            let note = "the method that was there has changed";
            return Ok(Some(Next::new(MissionState::Decomposing, note)));
        }
        let view = self.shared.image.view();
        if run.document.plan.is_some() {
            refuse_other_types(&view, &draft).map_err(hopeless)?;
            self.read_examples(run)?;
        }
        let asked = asked(&draft)?;
        run.document.neighbours = self.neighbours(&view, &draft, &asked)?;
        run.document.lessons = self.lessons(&view, &draft, &asked)?;
        run.document.passages = self.passages(&view, &draft, &asked)?;
        let mut note = format!(
            "{} methods and {} lessons found",
            run.document.neighbours.len(),
            run.document.lessons.len()
        );
        if !run.document.passages.is_empty() {
            let names: Vec<&str> = run
                .document
                .passages
                .iter()
                .map(|passage| passage.name.as_str())
                .collect();
            note.push_str(&format!("; used: {}", names.join(", ")));
        }
        Ok(Some(Next::new(MissionState::Synthesizing, note)))
    }

    /// What the object's methods are; of many those that fit the brief best, in their order.
    fn neighbours(
        &self,
        view: &View,
        draft: &Draft,
        asked: &str,
    ) -> Result<Vec<Neighbour>, StepError> {
        let (name, selector) = subject(draft)?;
        let mut found: Vec<(String, Neighbour)> = Vec::new();
        let mut owner = view.object_named(&name)?;
        let mut inherited_from = None;
        while let Some(object) = owner {
            for method in &object.methods {
                let shadowed = found
                    .iter()
                    .any(|(_, known)| known.signature == method.signature);
                if method.selector != selector && !shadowed {
                    let neighbour = Neighbour {
                        signature: method.signature.clone(),
                        inherited_from: inherited_from.clone(),
                        source: told_of(&draft.brief, method),
                    };
                    found.push((format!("{}.{}", object.name, method.selector), neighbour));
                }
            }
            inherited_from = Some(object.name.clone());
            owner = match object.parent {
                Some(parent) => view.object(parent)?,
                None => None,
            };
        }
        if found.len() > MOST_NEIGHBOURS {
            let hits = self.search(view, asked, &[Kind::Method], usize::MAX)?;
            let rank = |name: &str| hits.iter().position(|hit| hit.entry.name == name);
            let mut by_rank: Vec<(usize, usize)> = found
                .iter()
                .enumerate()
                .map(|(place, (name, _))| (rank(name).unwrap_or(usize::MAX), place))
                .collect();
            by_rank.sort_unstable();
            by_rank.truncate(MOST_NEIGHBOURS);
            let mut place = 0;
            found.retain(|_| {
                place += 1;
                by_rank.iter().any(|(_, kept)| *kept == place - 1)
            });
        }
        let mut neighbours: Vec<Neighbour> =
            found.into_iter().map(|(_, neighbour)| neighbour).collect();
        let sources = neighbours.iter_mut().filter(|one| one.source.is_some());
        for neighbour in sources.skip(MOST_SOURCES) {
            neighbour.source = None;
        }
        Ok(neighbours)
    }

    /// Of this method the newest failures and the newest cure, then what cured one that was to do much the same.
    fn lessons(&self, view: &View, draft: &Draft, asked: &str) -> Result<Vec<String>, StepError> {
        let (object, selector) = subject(draft)?;
        let mut lessons = newest(view, &failure_key(&object, &selector), 2)?;
        let own = newest(view, &cure_key(&object, &selector), 1)?;
        lessons.extend(
            own.iter()
                .filter_map(|fact| Cure::from_fact(fact))
                .map(|cure| cure.line()),
        );
        let name = format!("{object}.{selector}");
        let hits = self.search(view, asked, &[Kind::Lesson], 4)?;
        let other = hits
            .iter()
            .find(|hit| hit.entry.name != name && hit.share >= LEAST_SHARE_OF_OTHERS && fits(hit));
        if let Some(hit) = other {
            let mut said = hit.entry.text.lines();
            let problem = said.find_map(|line| line.strip_prefix("refused: "));
            let cure = said.find_map(|line| line.strip_prefix("+ "));
            if let (Some(problem), Some(cure)) = (problem, cure) {
                lessons.push(format!("{problem} (what cured it: `{}`)", cure.trim()));
            }
        }
        Ok(lessons)
    }

    fn passages(&self, view: &View, draft: &Draft, asked: &str) -> Result<Vec<Passage>, StepError> {
        let hits = self.search(view, asked, &[Kind::Document, Kind::Fact], PASSAGES * 2)?;
        let fitting = hits.iter().filter(|hit| fits(hit));
        let mut found = within(fitting.take(PASSAGES), PASSAGES_BYTES);
        let (object, selector) = subject(draft)?;
        let hits = self.search(view, asked, &[Kind::Method], 8)?;
        let alike = hits.iter().find(|hit| {
            let same_name = hit
                .entry
                .name
                .split_once('.')
                .is_some_and(|(other, method)| other != object && method == selector);
            same_name
                && draft.signature.as_deref() == Some(hit.entry.heading.as_str())
                && hit.share >= LEAST_SHARE_OF_OTHERS
        });
        found.extend(within(alike.into_iter(), PASSAGES_BYTES));
        Ok(found)
    }

    /// What bears on a question; when nothing does, what was remembered last.
    pub(super) fn passages_of_question(
        &self,
        view: &View,
        question: &str,
    ) -> Result<Vec<Passage>, StepError> {
        let kinds = [Kind::Document, Kind::Fact, Kind::Method, Kind::Lesson];
        let hits = self.search(view, question, &kinds, ANSWER_PASSAGES)?;
        let fitting = hits.iter().filter(|hit| {
            let near = |cosine| cosine >= LEAST_COSINE_OF_QUESTION;
            hit.share >= LEAST_SHARE_OF_QUESTION || hit.cosine.is_some_and(near)
        });
        Ok(within(fitting, ANSWER_BYTES))
    }

    pub(super) fn search(
        &self,
        view: &View,
        text: &str,
        kinds: &[Kind],
        limit: usize,
    ) -> Result<Vec<Hit>, ImageError> {
        let query = by_words(text, kinds, limit);
        let found = self
            .shared
            .knowledge
            .search_all(&self.shared, view, &query)?;
        Ok(found.hits)
    }

    /// The same by words alone, for what has to be the same words.
    pub(super) fn search_words(
        &self,
        view: &View,
        text: &str,
        kinds: &[Kind],
        limit: usize,
    ) -> Result<Vec<Hit>, ImageError> {
        let query = by_words(text, kinds, limit);
        self.shared.knowledge.search(view, &query)
    }
}

fn by_words<'a>(text: &'a str, kinds: &'a [Kind], limit: usize) -> Query<'a> {
    Query {
        text,
        kinds,
        limit,
        meaning: None,
    }
}

fn asked(draft: &Draft) -> Result<String, StepError> {
    let (object, selector) = subject(draft)?;
    Ok(format!("{object} {selector} {}", draft.brief))
}

fn fits(hit: &Hit) -> bool {
    let near = hit.cosine.is_some_and(|cosine| cosine >= LEAST_COSINE);
    near || hit.share >= LEAST_SHARE && hit.met >= LEAST_WORDS
}

/// What was remembered last, for an answer that nothing fits.
pub(super) fn newest_facts(view: &View) -> Result<Vec<Passage>, ImageError> {
    let facts = view.facts(FACTS)?.into_iter().rev().take(NEWEST_FACTS);
    let passages = facts.map(|(key, text)| Passage {
        kind: Kind::Fact.name().to_owned(),
        name: key,
        heading: String::new(),
        text,
    });
    Ok(passages.collect())
}

/// How the method is written, where the brief names it and no other can call it, because it changes the object.
fn told_of(brief: &str, method: &Method) -> Option<String> {
    let is_named = words(brief).any(|word| word == method.selector);
    let is_short = method.source.len() <= MOST_SOURCE;
    let signature = Signature::parse(&method.signature).ok()?;
    let changes = signature.receiver == Receiver::Mutable;
    (is_named && is_short && changes).then(|| method.source.clone())
}

/// The values of the facts with this prefix, newest first.
fn newest(view: &View, prefix: &str, count: usize) -> Result<Vec<String>, ImageError> {
    let facts = view.facts(prefix)?.into_iter().rev().take(count);
    Ok(facts.map(|(_, value)| value).collect())
}

/// As many as have room; the last may be cut.
fn within<'a>(hits: impl Iterator<Item = &'a Hit>, bytes: usize) -> Vec<Passage> {
    let mut left = bytes;
    let mut found = Vec::new();
    for hit in hits {
        let entry: &Entry = &hit.entry;
        let text = entry.text.trim();
        let end = text.floor_char_boundary(left);
        let text = text.get(..end).unwrap_or_default();
        if text.is_empty() {
            break;
        }
        left -= text.len();
        found.push(Passage {
            kind: entry.kind.name().to_owned(),
            name: entry.name.clone(),
            heading: entry.heading.clone(),
            text: text.to_owned(),
        });
    }
    found
}

/// What made the best refused attempt right, when one came before and nothing is wrong with the chosen one.
pub(super) fn cure_of(run: &Run, lesson: &Lesson, chosen: &Judged) -> Option<Cure> {
    let refused = run.document.base.as_ref()?;
    if !chosen.is_accepted() || refused.source == chosen.source {
        return None;
    }
    let changes = TextDiff::from_lines(&refused.source, &chosen.source);
    let lines = |wanted: ChangeTag| {
        changes
            .iter_all_changes()
            .filter(|change| change.tag() == wanted && !change.value().trim().is_empty())
            .take(CURE_LINES)
            .map(|change| change.value().trim_end().to_owned())
            .collect()
    };
    Some(Cure {
        brief: lesson.draft.brief.clone(),
        problem: refused.problems.first()?.replace('\n', " "),
        removed: lines(ChangeTag::Delete),
        added: lines(ChangeTag::Insert),
    })
}
