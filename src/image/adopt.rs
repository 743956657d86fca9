//! Adopting a branch: what it changed since it was forked off is changed here, too.
//!
//! A three-way change of each part, from where the branch began to where it is, applied to what is here
//! now. Objects and missions that are new in the branch get new numbers here, and what leads to them is
//! rewritten. Whatever stands against it is named, and then nothing is done.

use std::collections::{BTreeMap, BTreeSet};

use super::object::{Method, Mission, MissionId, Object, Oid, Tid};
use super::revise::Revision;
use super::{
    Change, Image, ImageError, LogError, PastView, Read, Transaction, View, diff, links, log,
};

/// The tag that names, in a branch, the transaction that it goes on from.
pub(super) const FORK_TAG: &str = "fork";
/// What the key of the fact begins with that says that a branch was adopted; its hash follows.
const FACT: &str = "branch/";

/// What was adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// The transaction that the branch goes on from, and its newest.
    pub fork: Tid,
    pub newest: Tid,
    /// Names of objects, and `fact KEY`.
    pub changed: Vec<String>,
    /// The branch's missions: their numbers there and here.
    pub missions: Vec<(MissionId, MissionId)>,
}

/// A branch was not adopted; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    #[error("it is no branch: it has no tag `{FORK_TAG}`")]
    NoBranch,
    #[error("it is not a branch of this image: their transactions {fork} differ")]
    Stranger { fork: Tid },
    #[error("it was adopted already")]
    Already,
    #[error("there is nothing in it to adopt")]
    Nothing,
    #[error("{}", .obstacles.join("; "))]
    Depends { obstacles: Vec<String> },
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error(transparent)]
    Log(#[from] LogError),
}

impl AdoptError {
    /// What a person can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoBranch | Self::Stranger { .. } => "see `batos image branch ls`",
            Self::Already => {
                "drop it with `batos image branch drop`; for more, make a new branch. Undoing the \
                 adoption makes it possible again"
            }
            Self::Nothing => "drop it with `batos image branch drop`",
            Self::Depends { .. } => {
                "undo what is in the way here or there (`batos image history`), or take single \
                 objects by `export` and `import`"
            }
            Self::Image(_) | Self::Log(_) => "see `batos image fsck`",
        }
    }
}

impl Image {
    /// Where this image was forked off, when it is a branch.
    pub fn fork_point(&self) -> Result<Option<Tid>, ImageError> {
        let tag = self.view().tag(FORK_TAG)?;
        Ok(tag.map(|tag| tag.pinned))
    }
}

impl Transaction {
    /// Takes over what `branch` has changed since it was forked off this transaction's image, as
    /// writes of this one. Its tags and call counts stay behind.
    ///
    /// # Errors
    /// This transaction is as it was before then.
    pub fn adopt(&mut self, branch: &Image) -> Result<Adopted, AdoptError> {
        let savepoint = self.savepoint();
        let adopted = Adoption::new(self, branch).and_then(|adoption| adoption.adopt(self));
        if adopted.is_err() {
            self.roll_back_to(savepoint);
        }
        adopted
    }
}

struct Adoption<'b> {
    branch: &'b Image,
    from: PastView,
    to: View,
    fork: Tid,
    /// The fact that says that this was done.
    fact: String,
    /// What is new in the branch: its numbers there and here.
    oids: BTreeMap<Oid, Oid>,
    missions: BTreeMap<MissionId, MissionId>,
}

impl<'b> Adoption<'b> {
    fn new(here: &Transaction, branch: &'b Image) -> Result<Self, AdoptError> {
        let to = branch.view();
        let fork = branch.fork_point()?.ok_or(AdoptError::NoBranch)?;
        let from = to.at(fork)?;
        let folder = &branch.inner.shared.folder;
        if fork > here.snapshot().tid() {
            return Err(AdoptError::Stranger { fork });
        }
        let here_then = match log::hash_at(here.folder(), fork) {
            Err(LogError::TooNew { first, .. }) => {
                let horizon = first - 1;
                return Err(ImageError::PackedAway { tid: fork, horizon }.into());
            }
            hash => hash?,
        };
        if here_then != log::hash_at(folder, fork)? {
            return Err(AdoptError::Stranger { fork });
        }
        // Its first own transaction is no other branch's.
        let own = blake3::Hash::from(log::hash_at(folder, fork + 1)?).to_hex();
        let fact = format!("{FACT}{}", own.get(..16).unwrap_or_default());
        if here.fact(&fact)?.is_some() {
            return Err(AdoptError::Already);
        }
        Ok(Self {
            branch,
            from,
            to,
            fork,
            fact,
            oids: BTreeMap::new(),
            missions: BTreeMap::new(),
        })
    }

    fn adopt(mut self, here: &mut Transaction) -> Result<Adopted, AdoptError> {
        let changes = diff(&self.from, &self.to)?;
        self.adopt_missions(here)?;
        let (mut new, mut kept, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for change in &changes.objects {
            let there = || self.to.object(change.oid);
            match change.change {
                Change::Added => new.extend(there()?),
                Change::Changed => kept.extend(self.from.object(change.oid)?.zip(there()?)),
                Change::Removed => gone.extend(self.from.object(change.oid)?),
            }
        }
        // In the order of the old numbers, so that what is sorted by them stays sorted.
        new.sort_by_key(|object: &Object| object.oid);
        for object in &new {
            self.oids.insert(object.oid, here.allocate_oid());
        }
        self.copy_blobs(here, &new, &kept)?;
        // Order matters: what others lead to comes first, and gets its name when the names of what was
        // renamed or goes are free.
        let nameless = new.iter().map(|object| Object {
            name: String::new(),
            ..self.moved(object)
        });
        here.put_objects(nameless.collect())?;
        let mut revision = Revision::new(here);
        for (from, to) in &kept {
            revision.object(from, &self.moved(to))?;
        }
        revision.remove(&gone)?;
        let names = new.iter().filter(|object| !object.name.is_empty());
        let names: Vec<(Oid, String)> = names
            .filter_map(|object| Some((*self.oids.get(&object.oid)?, object.name.clone())))
            .collect();
        revision.name_all(&names)?;
        let mut changed: BTreeSet<String> = new
            .iter()
            .map(|object| self.moved(object).known_as())
            .collect();
        for fact in &changes.facts {
            revision.fact(&fact.key, fact.before.as_deref(), fact.after.as_deref())?;
        }
        revision.check_methods()?;
        let (obstacles, revised) = (revision.obstacles, revision.changed);
        if !obstacles.is_empty() {
            return Err(AdoptError::Depends { obstacles });
        }
        changed.extend(revised);
        if changed.is_empty() && self.missions.is_empty() {
            return Err(AdoptError::Nothing);
        }
        let newest = self.to.tid();
        here.set_fact(&self.fact, &format!("adopted at transaction {newest}"))?;
        Ok(Adopted {
            fork: self.fork,
            newest,
            changed: changed.into_iter().collect(),
            missions: self.missions.into_iter().collect(),
        })
    }

    /// Those that are new in the branch: what it learned, and who wrote its methods.
    fn adopt_missions(&mut self, here: &mut Transaction) -> Result<(), ImageError> {
        for mission in self.to.missions()? {
            if self.from.mission(mission.id)?.is_some() {
                continue;
            }
            let Mission {
                id,
                state,
                created_ms,
                document,
                ..
            } = mission;
            let new = here.create_mission(created_ms, &state, document)?;
            self.missions.insert(id, new);
        }
        Ok(())
    }

    /// The code of new methods.
    fn copy_blobs(
        &self,
        here: &Transaction,
        new: &[Object],
        kept: &[(Object, Object)],
    ) -> Result<(), ImageError> {
        let objects = new.iter().chain(kept.iter().map(|(_, to)| to));
        for method in objects.flat_map(|object| &object.methods) {
            if !here.blobs().contains(method.wasm) {
                here.blobs().put(&self.branch.blobs().get(method.wasm)?)?;
            }
        }
        Ok(())
    }

    /// An object of the branch as it will be here.
    fn moved(&self, object: &Object) -> Object {
        let here = |oid: Oid| self.oids.get(&oid).copied().unwrap_or(oid);
        let mut slots = object.slots.clone();
        for slot in &mut slots {
            links::replace(slot, |oid| Some(here(oid)));
        }
        let methods = object.methods.iter().map(|method| Method {
            mission: method
                .mission
                .map(|id| self.missions.get(&id).copied().unwrap_or(id)),
            calls: 0,
            failures: 0,
            ..method.clone()
        });
        Object {
            oid: here(object.oid),
            name: object.name.clone(),
            parent: object.parent.map(here),
            slots,
            methods: methods.collect(),
            tid: 0,
        }
    }
}
