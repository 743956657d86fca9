//! The objects of the image as a tree by prototype, and the chosen one in full.

use std::collections::BTreeSet;

use super::Scroll;
use crate::tui::document::Code;
use crate::wire::messages::{ObjectSummary, ObjectView};

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
    /// Rows of the tree: how deep, and the place in `list`.
    tree: Vec<(usize, usize)>,
    selected: Option<String>,
    /// The person chose it, or a mission of theirs did.
    chosen: bool,
    pub detail: Option<Detail>,
    pub scroll: Scroll,
    /// The method to scroll to once the object is there in full.
    pub goal: Option<String>,
}

impl Default for Objects {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            tree: Vec::new(),
            selected: None,
            chosen: false,
            detail: None,
            scroll: Scroll::START,
            goal: None,
        }
    }
}

impl Objects {
    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The tree from the top: how deep each object lies, and the object.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (usize, Option<&ObjectSummary>)> {
        self.tree
            .iter()
            .map(|(depth, at)| (*depth, self.list.get(*at)))
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
        self.rows()
            .position(|(_, object)| object.is_some_and(|object| object.name == name))
    }

    pub fn replace(&mut self, list: Vec<ObjectSummary>) {
        self.list = list;
        self.plant();
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
        self.plant();
    }

    pub fn select(&mut self, name: &str) {
        self.chosen = true;
        if self.selected() != Some(name) {
            self.selected = Some(name.to_owned());
            self.scroll = Scroll::START;
        }
    }

    /// Chooses the object `by` rows further down; true when it is another one.
    pub fn move_by(&mut self, by: isize) -> bool {
        let row = self.selected_row().unwrap_or(0).saturating_add_signed(by);
        let row = row.min(self.tree.len().saturating_sub(1));
        let name = self
            .rows()
            .nth(row)
            .and_then(|(_, object)| object.map(|object| object.name.clone()));
        let changed = name.is_some() && name != self.selected;
        if let Some(name) = name {
            self.select(&name);
        }
        changed
    }

    /// The chosen object in full, once the kernel has told it.
    pub fn selected_detail(&self) -> Option<&Detail> {
        self.detail
            .as_ref()
            .filter(|detail| Some(detail.view.name.as_str()) == self.selected())
    }

    /// Lays the tree out anew: prototypes first, what derives from them below.
    fn plant(&mut self) {
        self.list.sort_by(|a, b| a.name.cmp(&b.name));
        let names: BTreeSet<&str> = self
            .list
            .iter()
            .map(|object| object.name.as_str())
            .collect();
        let mut waiting: Vec<(usize, usize)> = Vec::new();
        let has_parent = |object: &ObjectSummary| {
            object
                .parent
                .as_deref()
                .is_some_and(|name| names.contains(name))
        };
        let roots = self
            .list
            .iter()
            .enumerate()
            .filter(|(_, object)| !has_parent(object));
        waiting.extend(roots.map(|(at, _)| (0, at)));
        waiting.reverse();
        let mut tree = Vec::with_capacity(self.list.len());
        let mut placed = vec![false; self.list.len()];
        loop {
            while let Some((depth, at)) = waiting.pop() {
                if placed.get(at).copied().unwrap_or(true) {
                    continue;
                }
                if let Some(mark) = placed.get_mut(at) {
                    *mark = true;
                }
                tree.push((depth, at));
                let Some(parent) = self.list.get(at) else {
                    continue;
                };
                let of_parent =
                    |object: &ObjectSummary| object.parent.as_ref() == Some(&parent.name);
                let children = self
                    .list
                    .iter()
                    .enumerate()
                    .rev()
                    .filter(|(_, object)| of_parent(object));
                waiting.extend(children.map(|(at, _)| (depth + 1, at)));
            }
            // Prototypes in a circle have no root: each circle is entered somewhere.
            match placed.iter().position(|placed| !placed) {
                Some(at) => waiting.push((0, at)),
                None => break,
            }
        }
        self.tree = tree;
        if self.selected_row().is_none() {
            let first = self
                .rows()
                .next()
                .and_then(|(_, object)| object.map(|object| object.name.clone()));
            self.selected = first;
            self.chosen = false;
        }
    }
}
