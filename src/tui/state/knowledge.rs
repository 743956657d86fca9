//! What the system knows: documents and facts, or what a search found, and the chosen one in its parts.

use std::collections::VecDeque;

use super::Scroll;
use crate::wire::knowledge::{DocumentView, FoundView, HitView, KnowledgeRequest, LookedView};

#[derive(Debug, Clone)]
pub struct Knowledge {
    /// `None` until the kernel has told.
    pub documents: Option<Vec<DocumentView>>,
    pub search: String,
    /// What the search found, once that is known.
    pub found: Option<FoundView>,
    at: usize,
    /// That which was looked into last.
    pub looked: Option<LookedView>,
    /// The transaction in which something was forgotten here last, to be taken back.
    pub forgotten: Option<u64>,
    /// Documents that were read and wait to be kept.
    pub to_add: VecDeque<KnowledgeRequest>,
    pub scroll: Scroll,
    /// The part to scroll to once it is there: the line that it begins at.
    pub goal: Option<u32>,
}

/// A row of the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known<'a> {
    Document(&'a DocumentView),
    Hit(&'a HitView),
}

impl<'a> Known<'a> {
    /// `document`, `fact`, `method` or `lesson`.
    pub fn kind(self) -> &'a str {
        match self {
            Self::Document(document) => &document.kind,
            Self::Hit(hit) => &hit.kind,
        }
    }

    pub fn name(self) -> &'a str {
        match self {
            Self::Document(document) => &document.name,
            Self::Hit(hit) => &hit.name,
        }
    }

    /// Whether it is kept as knowledge, so that it can be looked into and forgotten.
    pub fn is_kept(self) -> bool {
        matches!(self.kind(), "document" | "fact")
    }
}

impl Default for Knowledge {
    fn default() -> Self {
        Self {
            documents: None,
            search: String::new(),
            found: None,
            at: 0,
            looked: None,
            forgotten: None,
            to_add: VecDeque::new(),
            scroll: Scroll::START,
            goal: None,
        }
    }
}

impl Knowledge {
    pub fn len(&self) -> usize {
        match &self.found {
            Some(found) => found.hits.len(),
            None => self.documents.as_ref().map_or(0, Vec::len),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, row: usize) -> Option<Known<'_>> {
        if let Some(found) = &self.found {
            return found.hits.get(row).map(Known::Hit);
        }
        let documents = self.documents.as_ref()?;
        documents.get(row).map(Known::Document)
    }

    /// Chooses the row of that number before anything is known.
    pub fn recall(&mut self, row: usize) {
        self.at = row;
    }

    pub fn row(&self) -> usize {
        self.at
    }

    pub fn chosen(&self) -> Option<Known<'_>> {
        self.get(self.at)
    }

    /// The chosen one in its parts, once the kernel has told them.
    pub fn chosen_looked(&self) -> Option<&LookedView> {
        let name = self.chosen().filter(|one| one.is_kept())?.name();
        self.looked.as_ref().filter(|looked| looked.name == name)
    }

    /// Takes in all that is known; the chosen one stays chosen.
    pub fn take(&mut self, documents: Vec<DocumentView>) {
        let name = match &self.found {
            None => self.chosen().map(|one| one.name().to_owned()),
            Some(_) => None,
        };
        let at = documents
            .iter()
            .position(|one| Some(&one.name) == name.as_ref());
        self.documents = Some(documents);
        if self.found.is_none() {
            self.at = at.unwrap_or(self.at).min(self.len().saturating_sub(1));
        }
    }

    /// Shows what a search found, the best chosen.
    pub fn take_found(&mut self, found: FoundView) {
        self.found = Some(found);
        self.at = 0;
        self.scroll = Scroll::START;
    }

    /// Shows all that is known again; false when that is shown already.
    pub fn drop_search(&mut self) -> bool {
        let searched = self.found.is_some() || !self.search.is_empty();
        self.search.clear();
        self.found = None;
        if searched {
            self.at = 0;
            self.scroll = Scroll::START;
        }
        searched
    }

    /// True when it is another one.
    pub fn choose(&mut self, row: usize) -> bool {
        let row = row.min(self.len().saturating_sub(1));
        let changed = row != self.at;
        if changed {
            self.at = row;
            self.scroll = Scroll::START;
        }
        changed
    }

    pub fn move_by(&mut self, by: isize) -> bool {
        self.choose(self.at.saturating_add_signed(by))
    }
}
