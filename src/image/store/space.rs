//! Where in the store a key is.

use fjall::Keyspace;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::image) enum Space {
    /// The current state, by table.
    Current,
    /// Key of the current state, 0, !tid -> the record as of tid, newest first.
    History,
    /// tid -> audit entry.
    Audit,
}

impl Space {
    pub(super) const ALL: [Self; 3] = [Self::Current, Self::History, Self::Audit];
}

/// The engine's keyspaces.
pub(super) struct Spaces {
    pub current: Keyspace,
    pub history: Keyspace,
    pub audit: Keyspace,
}

impl Spaces {
    pub(super) fn of(&self, space: Space) -> &Keyspace {
        match space {
            Space::Current => &self.current,
            Space::History => &self.history,
            Space::Audit => &self.audit,
        }
    }

    pub(super) fn all(&self) -> [&Keyspace; 3] {
        Space::ALL.map(|space| self.of(space))
    }
}
