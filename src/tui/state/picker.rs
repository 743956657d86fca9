//! A list to choose from by typing: what fits the text best comes first.
//!
//! The ranking is made when text or items change, never when it is drawn.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::Line;
use crate::tui::keymap::{Action, Context};

/// What the list is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Actions by name, with arguments.
    Commands,
    /// Things to go to.
    Find,
    /// Methods of the chosen object, one of which is edited.
    Methods,
    /// Themes, each tried on while it is chosen; the name of the one to go back to.
    Themes { before: String },
}

/// What choosing an item does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Action {
        context: Context,
        action: Action,
        argument: String,
    },
    Theme(String),
    Object(String),
    Method {
        object: String,
        selector: String,
    },
    Mission(u64),
    /// Of the chosen object, to be edited by hand.
    EditMethod(String),
    /// What the system knows, by name.
    Knowledge(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is searched, and shown first.
    pub label: String,
    /// What may follow it, when it is an action.
    pub argument: &'static str,
    /// A word on what it is.
    pub kind: String,
    pub detail: String,
    /// Keys that do the same.
    pub keys: String,
    pub target: Target,
}

/// An item that fits, and which characters of its label did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub item: usize,
    /// Positions among the label's graphemes, in order.
    pub marks: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    pub purpose: Purpose,
    pub line: Line,
    items: Vec<Item>,
    hits: Vec<Hit>,
    /// Of the hits.
    chosen: usize,
}

impl Picker {
    pub fn new(purpose: Purpose, items: Vec<Item>) -> Self {
        let mut picker = Self {
            purpose,
            line: Line::default(),
            items,
            hits: Vec::new(),
            chosen: 0,
        };
        picker.rank();
        picker
    }

    /// Takes other items for the same text; the choice stays where it was as far as it can.
    pub fn set_items(&mut self, items: Vec<Item>) {
        let before = self.chosen().map(|item| item.target.clone());
        self.items = items;
        self.rank();
        let place = |hit: &Hit| {
            let item = self.items.get(hit.item);
            item.map(|item| &item.target) == before.as_ref()
        };
        if let Some(at) = self.hits.iter().position(place) {
            self.chosen = at;
        }
    }

    pub fn add_items(&mut self, items: Vec<Item>) {
        let mut all = std::mem::take(&mut self.items);
        all.extend(items);
        self.set_items(all);
    }

    pub fn len(&self) -> usize {
        self.hits.len()
    }

    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// All items, fitting or not.
    pub fn total(&self) -> usize {
        self.items.len()
    }

    pub fn chosen_row(&self) -> usize {
        self.chosen
    }

    pub fn chosen(&self) -> Option<&Item> {
        self.items.get(self.hits.get(self.chosen)?.item)
    }

    /// The items that fit, the best first.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (Option<&Item>, &Hit)> {
        self.hits.iter().map(|hit| (self.items.get(hit.item), hit))
    }

    pub fn move_by(&mut self, rows: isize) {
        let last = self.hits.len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(rows).min(last);
    }

    pub fn choose(&mut self, is_it: impl Fn(&Item) -> bool) {
        let fits = |hit: &Hit| self.items.get(hit.item).is_some_and(&is_it);
        if let Some(at) = self.hits.iter().position(fits) {
            self.chosen = at;
        }
    }

    /// Orders the items anew by the text; the best is chosen.
    pub fn rank(&mut self) {
        self.chosen = 0;
        let text = self.line.text().trim();
        if text.is_empty() {
            self.hits = (0..self.items.len())
                .map(|item| Hit {
                    item,
                    marks: Vec::new(),
                })
                .collect();
            return;
        }
        // Arguments are in the text too, so no character of it means anything but itself.
        let pattern = Pattern::new(
            text,
            CaseMatching::Smart,
            Normalization::Smart,
            AtomKind::Fuzzy,
        );
        let lower = text.to_lowercase();
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut found = Vec::new();
        for (item, one) in self.items.iter().enumerate() {
            let mut marks = Vec::new();
            let label = Utf32Str::new(&one.label, &mut buffer);
            if let Some(score) = pattern.indices(label, &mut matcher, &mut marks) {
                marks.sort_unstable();
                marks.dedup();
                found.push((score, Hit { item, marks }));
                continue;
            }
            // What it says of itself counts too, after every name.
            if text.len() > 2 && one.detail.to_lowercase().contains(&lower) {
                found.push((
                    0,
                    Hit {
                        item,
                        marks: Vec::new(),
                    },
                ));
            }
        }
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        self.hits = found.into_iter().map(|(_, hit)| hit).collect();
    }
}
