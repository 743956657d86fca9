//! Changes of what objects are made of: slots come, go, get another type or name, and objects are removed.
//!
//! A change is one transaction, with every method that it concerns: those that were compiled with the slot are
//! compiled again from their source, or the change is refused with their names. No method that worked before
//! stops working unseen.

mod error;
mod methods;
mod proof;
mod rebuild;
mod slots;

use std::collections::HashSet;

use super::names::{name_of, oid_of};
use super::requests::internal;
use super::shared::Shared;
use super::views;
use crate::image::{Author, ImageError, Method, Oid, Read, Transaction};
use crate::wire::messages::{Event, Failure};
use crate::wire::schema::{SchemaReply, SchemaRequest, SchemaView, SlotChange};
pub use methods::fits;

use error::{Obstacle, SchemaError};
use methods::Seen;
use rebuild::{Owned, Rebuilder};
use slots::Edit;

pub fn answer(shared: &Shared, request: SchemaRequest) -> Result<SchemaReply, Failure> {
    match request {
        SchemaRequest::ChangeSlot {
            object,
            slot,
            change,
            force,
        } => {
            let asked = Asked {
                object: &object,
                slot: &slot,
                change: &change,
                force,
            };
            let view = change_slot(shared, &asked)?;
            Ok(SchemaReply::Changed(Box::new(view)))
        }
        SchemaRequest::RemoveObject { name } => {
            let removed = remove_object(shared, &name);
            let (name, tid) = removed.map_err(SchemaError::into_failure)?;
            shared.journal.tell(Event::Resync);
            Ok(SchemaReply::Removed { name, tid })
        }
    }
}

struct Asked<'a> {
    object: &'a str,
    slot: &'a str,
    change: &'a SlotChange,
    force: bool,
}

/// What a transaction did, by names.
struct Done {
    what: String,
    oid: Oid,
    along: Vec<String>,
    rebuilt: Vec<String>,
    removed: Vec<String>,
}

fn change_slot(shared: &Shared, asked: &Asked<'_>) -> Result<SchemaView, Failure> {
    let mut rebuilder = Rebuilder::new(shared);
    let changed = shared.image.transact(Author::Person, |transaction| {
        write(transaction, &mut rebuilder, asked)
    });
    let (done, tid) = changed.map_err(SchemaError::into_failure)?;
    let view = shared.image.view();
    let name = view.head(done.oid).map_err(super::requests::image)?;
    let name = name.as_ref().map(name_of).unwrap_or_default();
    let mut changed = done.along.clone();
    changed.push(name.clone());
    let owners = done.rebuilt.iter().chain(&done.removed);
    changed.extend(owners.filter_map(|method| Some(method.split_once('.')?.0.to_owned())));
    changed.sort();
    changed.dedup();
    shared.tell_changed(&changed);
    let object = views::object_view(&view, &name).map_err(super::requests::image)?;
    Ok(SchemaView {
        tid,
        what: done.what,
        object: object.ok_or_else(|| internal(format!("{name} was removed meanwhile")))?,
        along: done.along,
        rebuilt: done.rebuilt,
        removed: done.removed,
    })
}

fn write(
    transaction: &mut Transaction,
    rebuilder: &mut Rebuilder<'_>,
    asked: &Asked<'_>,
) -> Result<Done, SchemaError> {
    let edit = Edit::resolve(transaction, asked.object, asked.slot, asked.change)?;
    let family = slots::family(transaction, edit.oid)?;
    let seen = methods::seen(transaction, &family, &edit.touched())?;
    let along = edit.perform(transaction, &family)?;
    let family: HashSet<Oid> = family.into_iter().collect();
    let mut consequences = Consequences::default();
    for (key, seen) in &seen {
        let removable = family.contains(&key.0);
        consequences.of(transaction, rebuilder, &edit, (key, seen, removable))?;
    }
    let Consequences { rebuilt, obstacles } = consequences;
    if obstacles.iter().any(|(_, o)| !asked.force || !o.removable) {
        return Err(SchemaError::Methods {
            what: edit.refused(),
            obstacles: obstacles.into_iter().map(|(_, o)| o).collect(),
        });
    }
    let mut done = Done {
        what: edit.told(along.len()),
        oid: edit.oid,
        along: names(transaction, &along)?,
        rebuilt: Vec::new(),
        removed: Vec::new(),
    };
    for (owner, name, method) in rebuilt {
        transaction.put_method(owner, method)?;
        done.rebuilt.push(name);
    }
    for ((owner, selector), obstacle) in obstacles {
        transaction.remove_method(owner, &selector)?;
        done.removed.push(obstacle.method);
    }
    transaction.audit(&done.what);
    for (what, methods) in [("rebuilt", &done.rebuilt), ("removed", &done.removed)] {
        if !methods.is_empty() {
            transaction.audit(&format!("{what} {}", methods.join(", ")));
        }
    }
    Ok(done)
}

/// Whose a method is, and its selector.
type MethodKey = (Oid, String);

/// What becomes of the methods that saw the slot.
#[derive(Default)]
struct Consequences {
    /// With their names.
    rebuilt: Vec<(Oid, String, Method)>,
    obstacles: Vec<(MethodKey, Obstacle)>,
}

impl Consequences {
    /// Of one method. It is `removable` when it belongs to the object or to one that delegates to it.
    fn of(
        &mut self,
        transaction: &Transaction,
        rebuilder: &mut Rebuilder<'_>,
        edit: &Edit,
        (key, seen, removable): (&MethodKey, &Seen, bool),
    ) -> Result<(), SchemaError> {
        let (owner, selector) = key;
        let before = transaction.snapshot();
        let Some(worked) = seen.broken(before, transaction)? else {
            return Ok(());
        };
        let name = names(transaction, &[*owner])?.pop().unwrap_or_default();
        let owned = Owned {
            owner: *owner,
            name: &name,
            method: &seen.method,
        };
        let built = if removable {
            rebuilder.rebuild(transaction, before, edit, owned)?
        } else {
            Err(format!("{} inherits it with that slot", edit.name))
        };
        let built = match built {
            Ok(method) => misfit(transaction, &worked, &method.slots)?
                .map_or(Ok(method), |other| {
                    Err(format!("{other} has a slot of that name, of another type"))
                }),
            refused => refused,
        };
        let method = format!("{name}.{selector}");
        match built {
            Ok(built) => self.rebuilt.push((*owner, method, built)),
            Err(why) => self.obstacles.push((
                key.clone(),
                Obstacle {
                    method,
                    why,
                    removable,
                },
            )),
        }
        Ok(())
    }
}

/// The first of the objects whose slots are others.
fn misfit(
    transaction: &Transaction,
    oids: &[Oid],
    slots: &[(String, String)],
) -> Result<Option<String>, ImageError> {
    for oid in oids {
        if !methods::fits(transaction, *oid, slots)? {
            return Ok(names(transaction, &[*oid])?.pop());
        }
    }
    Ok(None)
}

fn names(transaction: &Transaction, oids: &[Oid]) -> Result<Vec<String>, ImageError> {
    let heads = oids.iter().map(|oid| transaction.head(*oid));
    let heads: Vec<_> = heads.collect::<Result<_, _>>()?;
    Ok(heads.iter().flatten().map(name_of).collect())
}

fn remove_object(shared: &Shared, name: &str) -> Result<(String, u64), SchemaError> {
    shared.image.transact(Author::Person, |transaction| {
        let oid = oid_of(transaction, name)?;
        let oid = oid.ok_or_else(|| SchemaError::UnknownObject(name.to_owned()))?;
        transaction.remove_object(oid)?;
        transaction.audit(&format!("object {name} removed"));
        Ok(name.to_owned())
    })
}
