//! Importing: the objects of a package under new numbers, all of them or none.

use std::collections::BTreeMap;

use super::{Package, TransferError};
use crate::image::object::{Method, Object, Oid};
use crate::image::{Read, Transaction, links};

/// How to take a package.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportOptions {
    /// Put before the name of each object that has one.
    pub prefix: String,
    pub on_conflict: OnConflict,
}

/// What to do about a name that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnConflict {
    #[default]
    Refuse,
    /// The object that has it takes the imported one's place when their parents, slots and methods are
    /// equal. Otherwise refuse.
    Reuse,
}

/// What was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The object that had been exported.
    pub root: Oid,
    /// The new objects, and their numbers in the package.
    pub objects: Vec<(Oid, Oid)>,
    /// Those that were there already, and their numbers in the package.
    pub reused: Vec<(Oid, Oid)>,
    pub methods: u64,
}

/// Says whether a method of a stranger may be installed, and as what: with other code than the package
/// has when it was compiled here. Its `wasm` must be a blob of the package or of the image.
pub type Judge<'a> = dyn FnMut(&Object, &Method) -> Result<Method, String> + 'a;

impl Transaction {
    /// Takes the objects of a package. Every method that is new here goes through `judge`, with the
    /// object as it is in the package; the values of slots are the caller's to judge before.
    ///
    /// # Errors
    /// The transaction is as it was before then.
    pub fn import(
        &mut self,
        package: &Package,
        options: &ImportOptions,
        judge: &mut Judge<'_>,
    ) -> Result<Imported, TransferError> {
        let before = self.savepoint();
        let imported = self.take(package, options, judge);
        if imported.is_err() {
            self.roll_back_to(before);
        }
        imported
    }

    fn take(
        &mut self,
        package: &Package,
        options: &ImportOptions,
        judge: &mut Judge<'_>,
    ) -> Result<Imported, TransferError> {
        let reused = self.taken_names(package, options)?;
        let mut oids = reused.clone();
        // In the order of the old numbers, so that what is sorted by them stays sorted.
        for object in package.objects() {
            oids.entry(object.oid)
                .or_insert_with(|| self.allocate_oid());
        }
        let mut objects = Vec::new();
        let mut methods = 0;
        for object in package.objects() {
            let moved = moved(object, &options.prefix, &oids);
            if let Some(oid) = reused.get(&object.oid) {
                self.check_equal(*oid, &moved)?;
            } else {
                methods += moved.methods.len() as u64;
                objects.push((object, moved));
            }
        }
        let mut new = Vec::new();
        for (object, mut moved) in objects {
            moved.methods = judged(object, judge)?;
            for method in &moved.methods {
                if let Some(bytes) = package.blob(method.wasm) {
                    self.blobs().put(bytes)?;
                }
            }
            new.push(moved);
        }
        self.put_objects(new)?;
        let root = oids.get(&package.root()).copied().unwrap_or_default();
        let is_new = |(old, _): &(&Oid, &Oid)| !reused.contains_key(old);
        let pairs = oids.iter().filter(is_new);
        let objects = pairs.map(|(old, new)| (*new, *old)).collect();
        Ok(Imported {
            root,
            objects,
            reused: reused.into_iter().map(|(old, oid)| (oid, old)).collect(),
            methods,
        })
    }

    /// By their numbers in the package, the objects here that have the names of such from there.
    fn taken_names(
        &self,
        package: &Package,
        options: &ImportOptions,
    ) -> Result<BTreeMap<Oid, Oid>, TransferError> {
        let mut taken = BTreeMap::new();
        for object in package.objects().filter(|object| !object.name.is_empty()) {
            let name = renamed(object, &options.prefix);
            if let Some(oid) = self.oid_named(&name)? {
                if options.on_conflict == OnConflict::Refuse {
                    return Err(TransferError::NameTaken { name });
                }
                taken.insert(object.oid, oid);
            }
        }
        Ok(taken)
    }

    fn check_equal(&self, oid: Oid, moved: &Object) -> Result<(), TransferError> {
        let Some(here) = self.object(oid)? else {
            return Ok(());
        };
        let differs = |what: String| {
            let name = here.name.clone();
            Err(TransferError::Differs { name, what })
        };
        if here.parent != moved.parent {
            return differs("parent".to_owned());
        }
        for slot in moved.slots.iter().chain(&here.slots) {
            if here.slot(&slot.name) != moved.slot(&slot.name) {
                return differs(format!("slot {}", slot.name));
            }
        }
        for method in moved.methods.iter().chain(&here.methods) {
            let selector = &method.selector;
            let text = |object: &Object| {
                let method = object.method(selector)?;
                Some((method.signature.clone(), method.source.clone()))
            };
            if text(&here) != text(moved) {
                return differs(format!("method {selector}"));
            }
        }
        Ok(())
    }
}

fn renamed(object: &Object, prefix: &str) -> String {
    if object.name.is_empty() {
        return String::new();
    }
    format!("{prefix}{}", object.name)
}

/// An object of the package as it will be here.
fn moved(object: &Object, prefix: &str, oids: &BTreeMap<Oid, Oid>) -> Object {
    let here = |oid: Oid| oids.get(&oid).copied();
    let mut slots = object.slots.clone();
    for slot in &mut slots {
        links::replace(slot, here);
    }
    Object {
        oid: here(object.oid).unwrap_or_default(),
        name: renamed(object, prefix),
        parent: object.parent.and_then(here),
        slots,
        methods: object.methods.clone(),
        tid: 0,
    }
}

fn judged(object: &Object, judge: &mut Judge<'_>) -> Result<Vec<Method>, TransferError> {
    let mut methods = Vec::new();
    for method in &object.methods {
        let refused = |why: String| TransferError::Refused {
            object: object.head().known_as(),
            selector: method.selector.clone(),
            why,
        };
        let accepted = judge(object, method).map_err(refused)?;
        if accepted.selector != method.selector {
            return Err(refused("it was accepted under another selector".to_owned()));
        }
        methods.push(accepted);
    }
    Ok(methods)
}
