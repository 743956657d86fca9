//! The objects of the image in the order that the person wants, and the chosen one in full or in its past.

mod order;
mod past;

use super::Scroll;
use crate::tui::document::Code;
use crate::wire::messages::{ObjectSummary, ObjectView};
pub use order::{Entry, Order, What};
pub use past::{Against, Past};

/// An object in full with its methods' source highlighted.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    pub view: ObjectView,
    /// One for each method, in the same order.
    pub code: Vec<Code>,
}

#[derive(Debug, Clone)]
pub struct Objects {
    /// By name.
    list: Vec<ObjectSummary>,
    order: Order,
    rows: Vec<Entry>,
    /// The row that was chosen last: an object may have several.
    row: usize,
    selected: Option<String>,
    /// The person chose it, or a mission of theirs did.
    chosen: bool,
    pub detail: Option<Detail>,
    pub scroll: Scroll,
    /// The method to scroll to once the object is there in full.
    pub goal: Option<String>,
    /// Its past, while that is looked at.
    pub past: Option<Past>,
}

impl Default for Objects {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            order: Order::default(),
            rows: Vec::new(),
            row: 0,
            selected: None,
            chosen: false,
            detail: None,
            scroll: Scroll::START,
            goal: None,
            past: None,
        }
    }
}

impl Objects {
    /// How many rows the list has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Every object, by name.
    pub fn all(&self) -> &[ObjectSummary] {
        &self.list
    }

    pub fn get(&self, name: &str) -> Option<&ObjectSummary> {
        self.list.iter().find(|object| object.name == name)
    }

    /// The list from the top.
    pub fn rows(&self) -> &[Entry] {
        &self.rows
    }

    /// The object that a row is about.
    pub fn of(&self, line: &Entry) -> Option<&ObjectSummary> {
        match line.what {
            What::Mission(_) => None,
            What::Object(at) | What::Method { object: at, .. } => self.list.get(at),
        }
    }

    /// The method that a row is about.
    pub fn method_of(&self, line: &Entry) -> Option<&str> {
        match line.what {
            What::Method { method, .. } => {
                let methods = &self.of(line)?.methods;
                methods.get(method).map(String::as_str)
            }
            _ => None,
        }
    }

    pub fn order(&self) -> Order {
        self.order
    }

    /// Lays the list out in another way; what is chosen stays chosen.
    pub fn set_order(&mut self, order: Order) {
        self.order = order;
        self.lay_out();
    }

    pub fn selected(&self) -> Option<&str> {
        self.selected.as_deref()
    }

    /// The object that the person may mean by "it"; none as long as nobody chose one.
    pub fn chosen(&self) -> Option<&str> {
        self.selected().filter(|_| self.chosen)
    }

    pub fn selected_row(&self) -> Option<usize> {
        let name = self.selected()?;
        let is_it = |line: &Entry| self.of(line).is_some_and(|object| object.name == name);
        if self.rows.get(self.row).is_some_and(is_it) {
            return Some(self.row);
        }
        self.rows.iter().position(is_it)
    }

    pub fn replace(&mut self, list: Vec<ObjectSummary>) {
        self.list = list;
        self.lay_out();
    }

    pub fn put(&mut self, object: ObjectSummary) {
        match self
            .list
            .binary_search_by(|known| known.name.cmp(&object.name))
        {
            Ok(at) => {
                if let Some(known) = self.list.get_mut(at) {
                    *known = object;
                }
            }
            Err(at) => self.list.insert(at, object),
        }
        self.lay_out();
    }

    pub fn select(&mut self, name: &str) {
        self.chosen = true;
        if self.selected() != Some(name) {
            self.selected = Some(name.to_owned());
            self.scroll = Scroll::START;
        }
    }

    /// Chooses what a row is about; true when it is another object. A method is scrolled to.
    pub fn select_row(&mut self, row: usize) -> bool {
        let Some(line) = self.rows.get(row).copied() else {
            return false;
        };
        let Some(name) = self.of(&line).map(|object| object.name.clone()) else {
            return false;
        };
        let goal = self.method_of(&line).map(str::to_owned);
        let changed = self.selected.as_ref() != Some(&name);
        self.select(&name);
        self.row = row;
        if goal.is_some() {
            self.goal = goal;
        }
        changed || self.goal.is_some()
    }

    /// Chooses what is `by` rows further down; true when that has to be shown. Headings are passed over.
    pub fn move_by(&mut self, by: isize) -> bool {
        let last = self.rows.len().saturating_sub(1);
        let from = self.selected_row().unwrap_or(0);
        let row = from.saturating_add_signed(by).min(last);
        let is_object = |row: &usize| {
            let line = self.rows.get(*row);
            line.is_some_and(|line| !matches!(line.what, What::Mission(_)))
        };
        let row = if by < 0 {
            (0..=row).rev().find(is_object)
        } else {
            (row..=last).find(is_object)
        };
        match row {
            Some(row) if row != from => self.select_row(row),
            _ => false,
        }
    }

    /// The chosen object in full, once the kernel has told it.
    pub fn selected_detail(&self) -> Option<&Detail> {
        self.detail
            .as_ref()
            .filter(|detail| Some(detail.view.name.as_str()) == self.selected())
    }

    /// Lays the list out anew.
    fn lay_out(&mut self) {
        self.list.sort_by(|a, b| a.name.cmp(&b.name));
        self.rows = match self.order {
            Order::Prototype => order::by_prototype(&self.list),
            Order::Name => order::by_name(&self.list),
            Order::Mission => order::by_mission(&self.list),
        };
        if self.selected_row().is_none() {
            let first = self.rows.iter().find_map(|line| self.of(line));
            self.selected = first.map(|object| object.name.clone());
            self.chosen = false;
        }
    }
}
