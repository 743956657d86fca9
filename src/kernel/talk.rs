//! The talk with the person, read out of the missions: what was said and what came of it.
//!
//! Nothing is kept beside the missions. A mission whose change was taken back is no part of the talk any more; what has
//! become too much to repeat is digested once, and the digest lies in the mission in which it was made.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::document::{Document, state_of};
use crate::image::{AuditEntry, ImageError, MissionId, Read, Tid, Undone, View};
use crate::persona::{Draft, Intent, Known, KnownMethod, Said, Scene};
use crate::wire::messages::MissionState;

/// The newest turns, which are repeated word for word.
pub const REPEATED: usize = 6;
/// Turns after which the older ones are digested.
pub const OUTGROWN: usize = 16;
/// How many missions back the talk is looked for.
const MISSIONS_LOOKED_AT: u64 = 64;
/// Transactions of a digest that are looked for among those taken back.
const MOST_COVERED: usize = 256;
/// Audit entries read for what was taken back.
const MOST_AUDIT: usize = 4096;

/// What BABS made of turns that are too many to repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The newest mission in it.
    pub through: MissionId,
    /// The transactions that ended the missions in it; when one is taken back the digest holds no longer.
    pub covers: Vec<Tid>,
    pub text: String,
}

/// One mission as part of the talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub mission: MissionId,
    /// The transaction that ended it.
    pub tid: Tid,
    pub said: Said,
}

/// The talk up to a mission.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Talk {
    pub digest: Option<Digest>,
    /// Those that no digest has, oldest first.
    pub turns: Vec<Turn>,
}

impl Talk {
    /// The talk before that mission.
    pub fn before(view: &View, mission: MissionId) -> Result<Self, ImageError> {
        let mut talk = Self::default();
        let mut digests = Vec::new();
        let oldest = mission.saturating_sub(MISSIONS_LOOKED_AT);
        for id in (oldest..mission).rev() {
            let Some(mission) = view.mission(id)? else {
                continue;
            };
            let state = state_of(&mission);
            let Ok(document) = serde_json::from_str::<Document>(&mission.document) else {
                continue;
            };
            // What the system set itself is no talk.
            if !state.has_ended() || document.origin.is_some() {
                continue;
            }
            talk.turns.push(Turn {
                mission: id,
                tid: mission.tid,
                said: Said {
                    person: document.brief.clone(),
                    robin: came_of(state, &document),
                },
            });
            digests.extend(document.digest);
        }
        talk.turns.reverse();
        let covered = digests.iter().flat_map(|digest| &digest.covers);
        let first = talk.turns.iter().map(|turn| &turn.tid).chain(covered).min();
        let gone = match first {
            Some(first) => taken_back_since(view, *first)?,
            None => HashSet::new(),
        };
        talk.turns.retain(|turn| !gone.contains(&turn.tid));
        talk.digest = digests
            .into_iter()
            .find(|digest| digest.covers.iter().all(|tid| !gone.contains(tid)));
        if let Some(digest) = &talk.digest {
            talk.turns.retain(|turn| turn.mission > digest.through);
        }
        Ok(talk)
    }

    /// The newest turns, as they were said.
    pub fn newest(&self) -> Vec<Said> {
        let from = self.turns.len().saturating_sub(REPEATED);
        let newest = self.turns.iter().skip(from);
        newest.map(|turn| turn.said.clone()).collect()
    }

    /// The turns to be digested; none as long as the talk is short enough.
    pub fn outgrown(&self) -> &[Turn] {
        if self.turns.len() < OUTGROWN {
            return &[];
        }
        let older = self.turns.len() - REPEATED;
        self.turns.get(..older).unwrap_or_default()
    }

    /// The digest of what there was of one and of the turns that it outgrew.
    pub fn digested(&self, text: String) -> Option<Digest> {
        let through = self.outgrown().last()?.mission;
        let before = self.digest.iter().flat_map(|digest| &digest.covers);
        let new = self.outgrown().iter().map(|turn| &turn.tid);
        let mut covers: Vec<Tid> = before.chain(new).copied().collect();
        covers.drain(..covers.len().saturating_sub(MOST_COVERED));
        Some(Digest {
            through,
            covers,
            text,
        })
    }
}

/// The transactions since that one that others took back.
pub fn taken_back_since(view: &View, tid: Tid) -> Result<HashSet<Tid>, ImageError> {
    let mut audit = view.audit_since(tid, MOST_AUDIT)?;
    if audit.len() == MOST_AUDIT {
        // Too many: the newest are more likely to take something back.
        audit = view.audit_before(Tid::MAX, MOST_AUDIT)?;
    }
    Ok(taken_back(&audit))
}

/// The transactions that others took back, and that were not put back since.
fn taken_back(audit: &[AuditEntry]) -> HashSet<Tid> {
    let mut gone = HashSet::new();
    let mut newest_first: Vec<&AuditEntry> = audit.iter().collect();
    newest_first.sort_by_key(|entry| std::cmp::Reverse(entry.tid));
    for entry in newest_first {
        let mut lines = entry.lines.iter();
        let undone = lines.find_map(|line| line.strip_prefix(Undone::AUDIT)?.parse().ok());
        if let Some(undone) = undone
            && !gone.contains(&entry.tid)
        {
            gone.insert(undone);
        }
    }
    gone
}

/// What came of a mission, in a sentence.
fn came_of(state: MissionState, document: &Document) -> String {
    if state == MissionState::Failed {
        return format!("It failed: {}", document.outcome);
    }
    let answer = document.answer.as_ref().unwrap_or(&document.outcome);
    match &document.draft {
        Some(draft) if draft.intent == Intent::Send => {
            format!("{} returned {answer}.", call_of(draft))
        }
        _ => answer.clone(),
    }
}

fn call_of(draft: &Draft) -> String {
    let args = draft.args.iter().flatten();
    let args: Vec<String> = args.map(ToString::to_string).collect();
    let part = |name: &Option<String>| name.clone().unwrap_or_default();
    let (object, selector) = (part(&draft.object), part(&draft.selector));
    format!("{object}.{selector}({})", args.join(", "))
}

/// What the translator is told about the image.
pub fn scene(view: &View, selected: Option<&String>, said: Vec<Said>) -> Result<Scene, ImageError> {
    let mut known = Vec::new();
    for object in view.objects()? {
        if object.name.is_empty() {
            continue;
        }
        let parent = match object.parent {
            Some(parent) => view.head(parent)?.map(|head| head.name),
            None => None,
        };
        let methods = object.methods.iter();
        known.push(Known {
            parent: parent.filter(|name| !name.is_empty()),
            slots: object.slots.into_iter().map(|slot| slot.name).collect(),
            methods: methods
                .filter_map(|method| KnownMethod::of(&method.signature))
                .collect(),
            object: object.name,
        });
    }
    let selected = selected.filter(|name| known.iter().any(|known| known.object == **name));
    Ok(Scene {
        selected: selected.cloned(),
        known,
        said,
    })
}
