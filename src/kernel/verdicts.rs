//! The newest verdicts on missions' candidates, for front-ends that attach after they were told.
//!
//! Kept in memory only: what a mission needs of them stands in its document, all of them in the log.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::image::MissionId;
use crate::wire::messages::{Event, JudgedView};

const MOST_MISSIONS: usize = 20;
/// Of one mission.
const MOST_VERDICTS: usize = 24;

#[derive(Debug, Default)]
pub struct Verdicts(Mutex<BTreeMap<MissionId, VecDeque<JudgedView>>>);

impl Verdicts {
    /// Keeps what the event says, when it is a verdict.
    pub fn hear(&self, event: &Event) {
        let Event::Verdict {
            mission,
            candidate,
            accepted,
            source,
            diagnostics,
        } = event
        else {
            return;
        };
        let mut known = self.known();
        let of_mission = known.entry(*mission).or_default();
        of_mission.push_back(JudgedView {
            candidate: *candidate,
            accepted: *accepted,
            source: source.clone(),
            diagnostics: diagnostics.clone(),
        });
        if of_mission.len() > MOST_VERDICTS {
            of_mission.pop_front();
        }
        if known.len() > MOST_MISSIONS {
            known.pop_first();
        }
    }

    /// Oldest first.
    pub fn of(&self, mission: MissionId) -> Vec<JudgedView> {
        let known = self.known();
        known
            .get(&mission)
            .map(|verdicts| verdicts.iter().cloned().collect())
            .unwrap_or_default()
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<MissionId, VecDeque<JudgedView>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
