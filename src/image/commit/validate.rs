//! Whether a transaction can follow those that came before it.

use super::worker::{Group, Worker};
use crate::image::object::Tid;
use crate::image::proposal::{Key, Operation, Proposal};
use crate::image::{CommitError, ImageError, Read, View, merge};

impl Worker {
    pub(super) fn validate(
        &self,
        view: &View,
        group: &Group,
        proposal: &mut Proposal,
    ) -> Result<(), CommitError> {
        if let Some(cause) = self.failure.clone() {
            return Err(CommitError::Poisoned { cause });
        }
        for (key, read) in &proposal.dependencies {
            let current = match group.changed.get(key) {
                Some(current) => *current,
                None if self.recent.is_unchanged(key, proposal.base) => continue,
                None => view.version(key).map_err(CommitError::Unreadable)?,
            };
            if current != *read
                && !(current.is_some()
                    && merge_object(view, group, key, *read, &mut proposal.operations)?)
            {
                return Err(CommitError::Conflict {
                    object: describe(view, key),
                    read: *read,
                    current,
                });
            }
        }
        self.validate_garbage(proposal)?;
        self.validate_tags(view, proposal)?;
        self.validate_removals(group, proposal)
    }

    /// Nothing that is taken away may have been changed or led to since it was found to be garbage.
    fn validate_garbage(&self, proposal: &Proposal) -> Result<(), CommitError> {
        let Some(garbage) = &proposal.garbage else {
            return Ok(());
        };
        let touched = self.touched.as_ref();
        let found = touched.and_then(|touched| touched.iter().find(|oid| garbage.contains(**oid)));
        match (touched, found) {
            (Some(_), None) => Ok(()),
            (_, found) => Err(CommitError::Conflict {
                object: format!("object {}", found.copied().unwrap_or_default()),
                read: Some(proposal.base),
                current: Some(self.newest),
            }),
        }
    }

    /// A tag may name what was packed away, or is just being, only while another one does.
    fn validate_tags(&self, view: &View, proposal: &Proposal) -> Result<(), CommitError> {
        let horizon = self.store.floor();
        for operation in &proposal.operations {
            if let Operation::PutTag { pinned, .. } = operation
                && *pinned < horizon
            {
                let tags = view.tags().map_err(CommitError::Unreadable)?;
                if !tags.iter().any(|tag| tag.pinned == *pinned) {
                    let tid = *pinned;
                    let error = ImageError::PackedAway { tid, horizon };
                    return Err(CommitError::Unreadable(error));
                }
            }
        }
        Ok(())
    }

    /// Nothing may have come to lead to an object that was found to be without links.
    fn validate_removals(&self, group: &Group, proposal: &Proposal) -> Result<(), CommitError> {
        for operation in &proposal.operations {
            if let Operation::RemoveObject { oid, name } = operation
                && let Some(tid) = group.linked.get(oid).or_else(|| self.linked.get(oid))
                && *tid > proposal.base
            {
                return Err(CommitError::Conflict {
                    object: name.clone(),
                    read: Some(proposal.base),
                    current: Some(*tid),
                });
            }
        }
        Ok(())
    }
}

/// When the only thing that both changed is slots that can be merged, puts the merged object in place of
/// the proposal's; false when they contradict each other.
fn merge_object(
    view: &View,
    group: &Group,
    key: &Key,
    read: Option<Tid>,
    operations: &mut [Operation],
) -> Result<bool, CommitError> {
    let (Key::Object(oid), Some(read)) = (key, read) else {
        return Ok(false);
    };
    let touches_methods = |operation: &Operation| match operation {
        Operation::PutMethod { oid: of, .. } | Operation::RemoveMethod { oid: of, .. } => of == oid,
        _ => false,
    };
    if operations.iter().any(touches_methods) {
        return Ok(false);
    }
    let mine = operations.iter_mut().find_map(|operation| match operation {
        Operation::PutObject { head, .. } if head.oid == *oid => Some(head),
        _ => None,
    });
    // What was only read may have decided something.
    let Some(mine) = mine else {
        return Ok(false);
    };
    let unreadable = CommitError::Unreadable;
    let theirs = match group.heads.get(oid) {
        Some(head) => Some(head.clone()),
        None => view.head(*oid).map_err(unreadable)?,
    };
    // What was packed away since can no longer be compared with.
    let Ok(past) = view.at(read) else {
        return Ok(false);
    };
    let base = past.head(*oid).map_err(unreadable)?;
    let merged = base
        .zip(theirs)
        .and_then(|(base, theirs)| merge::heads(&base, mine, &theirs));
    match merged {
        Some(merged) => {
            *mine = merged;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// A key by the name that people know it by.
fn describe(view: &View, key: &Key) -> String {
    match key {
        Key::Object(oid) | Key::Exists(oid) => match view.head(*oid) {
            Ok(Some(head)) => head.known_as(),
            _ => format!("object {oid}"),
        },
        Key::Name(name) => name.clone(),
        Key::Mission(id) => format!("mission {id}"),
        Key::Fact(key) => format!("fact {key}"),
        Key::Tag(name) => format!("tag {name}"),
    }
}
