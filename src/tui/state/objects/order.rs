//! The orders in which objects are listed: as a tree by prototype, by name, by the mission that wrote them.

use std::collections::{BTreeMap, BTreeSet};

use crate::wire::messages::ObjectSummary;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// A tree: what derives from an object stands below it.
    #[default]
    Prototype,
    Name,
    /// Newest first; below each mission the methods that it wrote.
    Mission,
}

impl Order {
    pub const ALL: [Self; 3] = [Self::Prototype, Self::Name, Self::Mission];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Prototype => "prototype",
            Self::Name => "name",
            Self::Mission => "mission",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// The one after it, round and round.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Prototype => Self::Name,
            Self::Name => Self::Mission,
            Self::Mission => Self::Prototype,
        }
    }
}

/// A row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub depth: usize,
    pub what: What,
}

/// What a row is about; objects by their place among all, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A heading; `None` for what no mission wrote.
    Mission(Option<u64>),
    Object(usize),
    Method {
        object: usize,
        method: usize,
    },
}

pub(super) fn by_name(list: &[ObjectSummary]) -> Vec<Entry> {
    let line = |at| Entry {
        depth: 0,
        what: What::Object(at),
    };
    (0..list.len()).map(line).collect()
}

pub(super) fn by_mission(list: &[ObjectSummary]) -> Vec<Entry> {
    let mut written: BTreeMap<Option<u64>, Vec<What>> = BTreeMap::new();
    for (object, summary) in list.iter().enumerate() {
        if summary.methods.is_empty() {
            written.entry(None).or_default().push(What::Object(object));
        }
        for method in 0..summary.methods.len() {
            let mission = summary.written_by.get(method).copied().flatten();
            let what = What::Method { object, method };
            written.entry(mission).or_default().push(what);
        }
    }
    let mut lines = Vec::new();
    // What no mission wrote has the least key and comes last.
    for (mission, of_mission) in written.into_iter().rev() {
        lines.push(Entry {
            depth: 0,
            what: What::Mission(mission),
        });
        lines.extend(of_mission.into_iter().map(|what| Entry { depth: 1, what }));
    }
    lines
}

/// Prototypes first, what derives from them below.
pub(super) fn by_prototype(list: &[ObjectSummary]) -> Vec<Entry> {
    let names: BTreeSet<&str> = list.iter().map(|object| object.name.as_str()).collect();
    let has_parent = |object: &ObjectSummary| {
        let parent = object.parent.as_deref();
        parent.is_some_and(|name| names.contains(name))
    };
    let roots = list
        .iter()
        .enumerate()
        .filter(|(_, object)| !has_parent(object));
    let mut waiting: Vec<(usize, usize)> = roots.map(|(at, _)| (0, at)).collect();
    waiting.reverse();
    let mut tree = Vec::with_capacity(list.len());
    let mut placed = vec![false; list.len()];
    loop {
        while let Some((depth, at)) = waiting.pop() {
            if placed.get(at).copied().unwrap_or(true) {
                continue;
            }
            if let Some(mark) = placed.get_mut(at) {
                *mark = true;
            }
            tree.push(Entry {
                depth,
                what: What::Object(at),
            });
            let Some(parent) = list.get(at) else {
                continue;
            };
            let of_parent = |object: &ObjectSummary| object.parent.as_ref() == Some(&parent.name);
            let children = list
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
    tree
}
