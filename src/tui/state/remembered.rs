//! How the workbench was left: chosen pane, selections, scroll, filters, and words that were not sent.
//!
//! Kept in a file of the home; the last one that leaves writes it. What it names that is gone by then is passed over.

use serde::{Deserialize, Serialize};

use super::objects::{Order, Past};
use super::{Pane, Scroll, State};
use crate::tui::clean;
use crate::wire::messages::LogLevel;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    focus: String,
    /// The pane other than the composer that had the focus last.
    pane: String,
    content: String,
    zoom: bool,
    /// What was not sent, and where the cursor was in it.
    words: String,
    cursor: usize,
    mission: Option<u64>,
    object: Option<String>,
    order: String,
    /// The object's past was looked at, of one method or of all.
    past: Option<PastLeft>,
    /// By pane; one that follows has none.
    scroll: std::collections::BTreeMap<String, usize>,
    log: LogLeft,
    searched: String,
    known: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct PastLeft {
    method: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct LogLeft {
    filter: String,
    level: String,
    mission: Option<u64>,
    persona: Option<String>,
    search: String,
    details: bool,
    histogram: bool,
    /// Milliseconds since 1970 of the entry that was read; none while following.
    at_ms: Option<u64>,
}

fn pane(word: &str) -> Option<Pane> {
    Pane::ALL.into_iter().find(|pane| pane.word() == word)
}

impl State {
    /// What is to be there again when one attaches the next time.
    pub fn remember(&self) -> Remembered {
        let filter = self.log.filter();
        let scrolled = Pane::ALL.into_iter().filter_map(|pane| {
            let top = self.scroll_of(pane)?.left_at()?;
            Some((pane.word().to_owned(), top))
        });
        Remembered {
            focus: self.focus.word().to_owned(),
            pane: self.last_pane.word().to_owned(),
            content: self.content.word().to_owned(),
            zoom: self.zoom,
            words: self.composer.line.text().to_owned(),
            cursor: self.composer.line.cursor(),
            mission: self.missions.selected().map(|mission| mission.id),
            object: self.objects.chosen().map(str::to_owned),
            order: self.objects.order().word().to_owned(),
            past: self.objects.past.as_ref().map(|past| PastLeft {
                method: past.method.clone(),
            }),
            scroll: scrolled.collect(),
            log: LogLeft {
                filter: filter.text.clone(),
                level: level_word(filter.level).to_owned(),
                mission: filter.mission,
                persona: filter.persona.clone(),
                search: self.log.search().to_owned(),
                details: self.log.details,
                histogram: self.log.histogram,
                at_ms: if self.log.follows() {
                    None
                } else {
                    self.log.time_ms(self.log.row())
                },
            },
            searched: self.knowledge.search.clone(),
            known: self.knowledge.row(),
        }
    }

    /// Puts it back, before anything is known of the kernel.
    pub(super) fn recall(&mut self, left: Remembered) {
        if let Some(content) = pane(&left.content).filter(|pane| pane.is_content()) {
            self.content = content;
        }
        if let Some(last) = pane(&left.pane).filter(|pane| *pane != Pane::Composer) {
            self.last_pane = last;
        }
        if let Some(focus) = pane(&left.focus) {
            self.focus = focus;
        }
        self.zoom = left.zoom;
        self.composer.insert(&clean::text(&left.words));
        self.composer.line.move_to(left.cursor);
        self.missions.recall(left.mission);
        if let Some(order) = Order::named(&left.order) {
            self.objects.set_order(order);
        }
        if let Some(name) = left.object {
            self.objects.select(&name);
            self.objects.past = left.past.map(|past| Past::of(name, past.method));
        }
        self.recall_log(left.log);
        self.knowledge.search = left.searched;
        self.knowledge.recall(left.known);
        for (word, top) in left.scroll {
            if let Some(scroll) = pane(&word).and_then(|pane| self.scroll_of_mut(pane)) {
                *scroll = Scroll::at(top);
            }
        }
    }

    fn recall_log(&mut self, left: LogLeft) {
        let mut filter = self.log.filter().clone();
        filter.text = left.filter;
        filter.level = LogLevel::named(&left.level).unwrap_or(LogLevel::Debug);
        filter.mission = left.mission;
        filter.persona = left.persona;
        self.log.set_filter(filter);
        if !left.search.is_empty() {
            self.log.set_search(&left.search);
        }
        self.log.details = left.details;
        self.log.histogram = left.histogram;
        self.log.return_to = left.at_ms;
    }

    /// Where a pane with a document is scrolled to.
    pub fn scroll_of(&self, pane: Pane) -> Option<Scroll> {
        Some(match pane {
            Pane::Mission => self.missions.scroll,
            Pane::Object => match &self.objects.past {
                Some(past) => past.scroll,
                None => self.objects.scroll,
            },
            Pane::Itself => self.display.scroll,
            Pane::Memory => self.memory.scroll,
            Pane::Knowledge => self.knowledge.scroll,
            Pane::System => self.system.scroll,
            Pane::Stream => match &self.tour {
                Some(tour) => tour.scroll,
                None => self.stream.scroll,
            },
            Pane::Composer | Pane::Missions | Pane::Objects | Pane::Log => return None,
        })
    }

    pub fn scroll_of_mut(&mut self, pane: Pane) -> Option<&mut Scroll> {
        Some(match pane {
            Pane::Mission => &mut self.missions.scroll,
            Pane::Object => match &mut self.objects.past {
                Some(past) => &mut past.scroll,
                None => &mut self.objects.scroll,
            },
            Pane::Itself => &mut self.display.scroll,
            Pane::Memory => &mut self.memory.scroll,
            Pane::Knowledge => &mut self.knowledge.scroll,
            Pane::System => &mut self.system.scroll,
            Pane::Stream => match &mut self.tour {
                Some(tour) => &mut tour.scroll,
                None => &mut self.stream.scroll,
            },
            Pane::Composer | Pane::Missions | Pane::Objects | Pane::Log => return None,
        })
    }
}

fn level_word(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warn => "warn",
        LogLevel::Error => "error",
    }
}
