//! Three-way change of one thing: from a state to another, where it may have changed since.
//!
//! Undo goes from the state after a transaction to the one before it, adopting a branch from where it
//! forked to where it is. Each part (name, parent, slot, method, fact) is changed when it still is as it
//! was in `from`; a part that is in neither state, or is already as in `to`, is left as it is. What stands
//! against it is gathered by name, and nothing is said to be done until there is nothing.

use std::collections::BTreeSet;

use super::object::{Method, Object, Oid, Slot};
use super::{ImageError, Read, Transaction, merge};

/// What is in the way and what was changed so far.
pub(super) struct Revision<'t> {
    pub transaction: &'t mut Transaction,
    /// In words, with the names.
    pub obstacles: Vec<String>,
    /// Names of the changed objects and facts.
    pub changed: BTreeSet<String>,
    /// Names of the slots that went or got another type.
    lost_slots: BTreeSet<String>,
}

impl<'t> Revision<'t> {
    pub(super) fn new(transaction: &'t mut Transaction) -> Self {
        Self {
            transaction,
            obstacles: Vec::new(),
            changed: BTreeSet::new(),
            lost_slots: BTreeSet::new(),
        }
    }

    /// An object that is in both states.
    pub(super) fn object(&mut self, from: &Object, to: &Object) -> Result<(), ImageError> {
        let oid = from.oid;
        let Some(now) = self.transaction.object(oid)? else {
            self.obstacles.push(format!("{} is gone", from.known_as()));
            return Ok(());
        };
        self.name(from, to, &now)?;
        self.parent(from, to, &now)?;
        for name in slot_names(from, to) {
            self.slot(oid, &name, [from, to, &now])?;
        }
        for selector in selectors(from, to) {
            self.method(oid, &selector, [from, to, &now])?;
        }
        Ok(())
    }

    fn name(&mut self, from: &Object, to: &Object, now: &Object) -> Result<(), ImageError> {
        if from.name == to.name || now.name == to.name {
            return Ok(());
        }
        if now.name != from.name {
            let obstacle = format!("{} has another name since", now.known_as());
            self.obstacles.push(obstacle);
            return Ok(());
        }
        match self.transaction.set_name(now.oid, &to.name) {
            Err(ImageError::NameTaken { name }) => {
                let obstacle = format!("another object has the name {name} since");
                self.obstacles.push(obstacle);
                Ok(())
            }
            done => {
                self.changed.insert(to.known_as());
                done
            }
        }
    }

    fn parent(&mut self, from: &Object, to: &Object, now: &Object) -> Result<(), ImageError> {
        if from.parent == to.parent || now.parent == to.parent {
            return Ok(());
        }
        if now.parent != from.parent {
            let obstacle = format!("{} has another parent since", now.known_as());
            self.obstacles.push(obstacle);
            return Ok(());
        }
        match self.transaction.set_parent(now.oid, to.parent) {
            Err(error @ (ImageError::ParentCycle { .. } | ImageError::UnknownObject { .. })) => {
                self.obstacles.push(error.to_string());
                Ok(())
            }
            done => {
                self.changed.insert(now.known_as());
                done
            }
        }
    }

    fn slot(&mut self, oid: Oid, name: &str, objects: [&Object; 3]) -> Result<(), ImageError> {
        let [from, to, now] = objects.map(|object| object.slot(name));
        if from == to || now == to {
            return Ok(());
        }
        let [_, _, object] = objects;
        let known = object.known_as();
        let revised = match (from, to, now) {
            (Some(from), Some(to), Some(now)) => merge::slot(from, to, now).map(Some),
            _ if now == from => Some(to.cloned()),
            _ => None,
        };
        let Some(revised) = revised else {
            self.obstacles
                .push(format!("slot {name} of {known} was changed since"));
            return Ok(());
        };
        let rust_type = |slot: Option<&Slot>| slot.map(|slot| slot.rust_type.clone());
        if rust_type(revised.as_ref()) != rust_type(now) {
            self.lost_slots.insert(name.to_owned());
        }
        self.put_slot(oid, name, revised, &known)
    }

    fn put_slot(
        &mut self,
        oid: Oid,
        name: &str,
        slot: Option<Slot>,
        known: &str,
    ) -> Result<(), ImageError> {
        let done = match slot {
            Some(slot) => self.transaction.set_slot(oid, slot),
            None => self.transaction.remove_slot(oid, name).map(|_| ()),
        };
        match done {
            Err(error @ ImageError::DanglingReference { .. }) => {
                self.obstacles.push(error.to_string());
                Ok(())
            }
            done => {
                self.changed.insert(known.to_owned());
                done
            }
        }
    }

    fn method(
        &mut self,
        oid: Oid,
        selector: &str,
        objects: [&Object; 3],
    ) -> Result<(), ImageError> {
        let [from, to, now] = objects.map(|object| object.method(selector).map(without_counts));
        if from == to || now == to {
            return Ok(());
        }
        let [_, _, object] = objects;
        let known = object.known_as();
        if now != from {
            self.obstacles
                .push(format!("method {selector} of {known} was changed since"));
            return Ok(());
        }
        match to {
            Some(method) => self.transaction.put_method(oid, method)?,
            None => {
                self.transaction.remove_method(oid, selector)?;
            }
        }
        self.changed.insert(known);
        Ok(())
    }

    pub(super) fn fact(
        &mut self,
        key: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<(), ImageError> {
        let now = self.transaction.fact(key)?;
        let now = now.as_deref();
        if from == to || now == to {
            return Ok(());
        }
        if now != from {
            self.obstacles.push(format!("fact {key} was changed since"));
            return Ok(());
        }
        match to {
            Some(value) => self.transaction.set_fact(key, value)?,
            None => {
                self.transaction.remove_fact(key)?;
            }
        }
        self.changed.insert(format!("fact {key}"));
        Ok(())
    }

    /// Objects that one state has and the other has not are taken away: they must be as in `from`, and
    /// nothing else may lead to them.
    pub(super) fn remove(&mut self, objects: &[Object]) -> Result<(), ImageError> {
        let mut there = Vec::new();
        for from in objects {
            let Some(now) = self.transaction.object(from.oid)? else {
                continue;
            };
            if contents(&now) != contents(from) {
                self.obstacles
                    .push(format!("{} was changed since", now.known_as()));
            }
            self.changed.insert(now.known_as());
            there.push(from.oid);
        }
        match self.transaction.remove_objects(&there) {
            Err(error @ ImageError::Referred { .. }) => {
                self.obstacles.push(error.to_string());
                Ok(())
            }
            done => done,
        }
    }

    /// Objects that are gone are brought back under their numbers. One whose name is that of an object
    /// that goes has none until [`Revision::name_all`]: gives these.
    pub(super) fn restore(
        &mut self,
        objects: &[Object],
        going: &[Object],
    ) -> Result<Vec<(Oid, String)>, ImageError> {
        let (mut gone, mut nameless) = (Vec::new(), Vec::new());
        for object in objects {
            if self.transaction.head(object.oid)?.is_some() {
                continue;
            }
            self.changed.insert(object.known_as());
            let mut object = object.clone();
            let holder = self.transaction.oid_named(&object.name)?;
            if holder.is_some_and(|holder| going.iter().any(|other| other.oid == holder)) {
                nameless.push((object.oid, std::mem::take(&mut object.name)));
            }
            gone.push(object);
        }
        let gone: Vec<&Object> = gone.iter().collect();
        match self.transaction.restore_objects(&gone) {
            Err(error @ (ImageError::NameTaken { .. } | ImageError::DanglingReference { .. })) => {
                self.obstacles.push(error.to_string());
                Ok(Vec::new())
            }
            done => done.map(|()| nameless),
        }
    }

    /// Gives objects that have no name yet the names that were taken before.
    pub(super) fn name_all(&mut self, names: &[(Oid, String)]) -> Result<(), ImageError> {
        for (oid, name) in names {
            match self.transaction.set_name(*oid, name) {
                Err(ImageError::NameTaken { name }) => self
                    .obstacles
                    .push(format!("another object has the name {name} since")),
                named => named?,
            }
        }
        Ok(())
    }

    /// Methods that were compiled with a slot that went or got another type stand against it.
    pub(super) fn check_methods(&mut self) -> Result<(), ImageError> {
        if self.lost_slots.is_empty() {
            return Ok(());
        }
        for object in self.transaction.objects()? {
            for method in &object.methods {
                for (slot, rust_type) in &method.slots {
                    if !self.lost_slots.contains(slot) {
                        continue;
                    }
                    let found = self.transaction.snapshot().find_slot(object.oid, slot)?;
                    let had = found.is_some_and(|(_, slot)| slot.rust_type == *rust_type);
                    let found = self.transaction.find_slot(object.oid, slot)?;
                    let has = found.is_some_and(|(_, slot)| slot.rust_type == *rust_type);
                    if had && !has {
                        let (selector, known) = (&method.selector, object.known_as());
                        self.obstacles
                            .push(format!("method {selector} of {known} uses slot {slot}"));
                    }
                }
            }
        }
        Ok(())
    }
}

fn slot_names(from: &Object, to: &Object) -> BTreeSet<String> {
    let slots = from.slots.iter().chain(&to.slots);
    slots.map(|slot| slot.name.clone()).collect()
}

fn selectors(from: &Object, to: &Object) -> BTreeSet<String> {
    let methods = from.methods.iter().chain(&to.methods);
    methods.map(|method| method.selector.clone()).collect()
}

fn without_counts(method: &Method) -> Method {
    Method {
        calls: 0,
        failures: 0,
        ..method.clone()
    }
}

/// All of an object but when it was changed and how often its methods were called.
pub(super) fn contents(object: &Object) -> Object {
    let mut object = object.clone();
    object.tid = 0;
    object.slots.sort_by(|a, b| a.name.cmp(&b.name));
    object.methods = object.methods.iter().map(without_counts).collect();
    object
}
