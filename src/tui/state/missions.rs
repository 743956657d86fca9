//! The missions: the list, the chosen one in full, and the verdicts on its candidates.

use std::collections::{BTreeMap, VecDeque};

use super::Scroll;
use crate::tui::document::Code;
use crate::wire::messages::{DiagnosticView, MissionReport, MissionState, MissionSummary};
use crate::wire::plan::Pause;

const MAX_LISTED: usize = 1_000;
const MAX_JUDGED_MISSIONS: usize = 20;
const MAX_JUDGED: usize = 24;

/// A candidate that the guardian has judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub candidate: u32,
    pub accepted: bool,
    pub code: Code,
    pub diagnostics: Vec<DiagnosticView>,
}

/// A mission in full, as the kernel told it last.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    pub report: MissionReport,
    pub code: Option<Code>,
}

#[derive(Debug, Clone)]
pub struct Missions {
    /// Newest first.
    list: Vec<MissionSummary>,
    selected: Option<u64>,
    /// Started from this workbench, so that their end is told.
    pub own: Vec<u64>,
    pub detail: Option<Detail>,
    judged: BTreeMap<u64, VecDeque<Judged>>,
    /// Which candidate is shown; the newest when `None`.
    shown: Option<usize>,
    pub scroll: Scroll,
}

impl Default for Missions {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            selected: None,
            own: Vec::new(),
            detail: None,
            judged: BTreeMap::new(),
            shown: None,
            scroll: Scroll::START,
        }
    }
}

impl Missions {
    pub fn list(&self) -> &[MissionSummary] {
        &self.list
    }

    pub fn get(&self, id: u64) -> Option<&MissionSummary> {
        self.list.iter().find(|mission| mission.id == id)
    }

    pub fn selected(&self) -> Option<&MissionSummary> {
        self.selected.and_then(|id| self.get(id))
    }

    pub fn selected_row(&self) -> Option<usize> {
        let id = self.selected?;
        self.list.iter().position(|mission| mission.id == id)
    }

    pub fn oldest_active(&self) -> Option<&MissionSummary> {
        let working = |mission: &&MissionSummary| {
            !mission.state.has_ended()
                && mission.state != MissionState::Idle
                && mission.pause != Pause::Yes
        };
        let waiting =
            |mission: &&MissionSummary| !mission.state.has_ended() && mission.pause != Pause::Yes;
        let oldest = self.list.iter().rev();
        oldest
            .clone()
            .find(working)
            .or_else(|| oldest.clone().find(waiting))
    }

    /// Replaces the list.
    pub fn replace(&mut self, mut list: Vec<MissionSummary>) {
        list.sort_by_key(|mission| std::cmp::Reverse(mission.id));
        list.truncate(MAX_LISTED);
        self.list = list;
        if self.selected().is_none() {
            self.selected = self.list.first().map(|mission| mission.id);
        }
    }

    /// Takes in one mission's news; true when it is in another state than before.
    pub fn put(&mut self, mission: MissionSummary) -> bool {
        let id = mission.id;
        let changed = if let Some(known) = self.list.iter_mut().find(|known| known.id == id) {
            let changed = known.state != mission.state
                || known.attempts != mission.attempts
                || known.part != mission.part
                || known.pause != mission.pause;
            *known = mission;
            changed
        } else {
            let at = self.list.partition_point(|known| known.id > id);
            self.list.insert(at, mission);
            self.list.truncate(MAX_LISTED);
            true
        };
        if self.selected.is_none() {
            self.selected = Some(id);
        }
        changed
    }

    /// Chooses the mission of that number, which is not known yet.
    pub fn recall(&mut self, id: Option<u64>) {
        self.selected = id;
    }

    pub fn select(&mut self, id: u64) {
        if self.selected != Some(id) {
            self.selected = Some(id);
            self.shown = None;
            self.scroll = Scroll::START;
        }
    }

    /// Chooses the mission `by` rows further down; true when it is another one.
    pub fn move_by(&mut self, by: isize) -> bool {
        let before = self.selected;
        let row = self.selected_row().unwrap_or(0).saturating_add_signed(by);
        let row = row.min(self.list.len().saturating_sub(1));
        if let Some(mission) = self.list.get(row) {
            self.select(mission.id);
        }
        before != self.selected
    }

    /// The chosen mission in full, once the kernel has told it.
    pub fn selected_detail(&self) -> Option<&Detail> {
        self.detail
            .as_ref()
            .filter(|detail| Some(detail.report.summary.id) == self.selected)
    }

    pub fn judge(&mut self, mission: u64, judged: Judged) {
        let all = self.judged.entry(mission).or_default();
        all.push_back(judged);
        if all.len() > MAX_JUDGED {
            all.pop_front();
        }
        if self.judged.len() > MAX_JUDGED_MISSIONS {
            self.judged.pop_first();
        }
    }

    /// Replaces the verdicts on a mission's candidates.
    pub fn set_judged(&mut self, mission: u64, judged: VecDeque<Judged>) {
        self.judged.insert(mission, judged);
        while self.judged.len() > MAX_JUDGED_MISSIONS {
            // The oldest of the others: the one just asked for is looked at.
            let oldest = self.judged.keys().copied().find(|id| *id != mission);
            match oldest {
                Some(oldest) => self.judged.remove(&oldest),
                None => break,
            };
        }
    }

    /// The verdicts on a mission's candidates, oldest first.
    pub fn judged(&self, mission: u64) -> impl ExactSizeIterator<Item = &Judged> {
        self.judged
            .get(&mission)
            .map(VecDeque::iter)
            .unwrap_or_default()
    }

    /// The candidate shown of the chosen mission, and its place among those judged.
    pub fn shown(&self) -> Option<(usize, &Judged)> {
        let all = self.judged.get(&self.selected?)?;
        let last = all.len().checked_sub(1)?;
        let at = self.shown.unwrap_or(last).min(last);
        all.get(at).map(|judged| (at, judged))
    }

    pub fn show_other(&mut self, by: isize) {
        let count = self
            .selected
            .and_then(|id| self.judged.get(&id))
            .map_or(0, VecDeque::len);
        if let Some((at, _)) = self.shown() {
            let at = at.saturating_add_signed(by).min(count.saturating_sub(1));
            self.shown = (at + 1 < count).then_some(at);
        }
    }
}
