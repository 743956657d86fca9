//! Every record of a store by itself, and whether what it leads to is there.

use std::collections::BTreeMap;

use rkyv::api::high::HighValidator;
use rkyv::bytecheck::CheckBytes;
use rkyv::rancor;

use super::report::{Cure, FsckReport, Part};
use super::{Progress, Step};
use crate::image::envelope::{self, EnvelopeError, Kind, Record};
use crate::image::record::{
    AuditRecord, CallsRecord, FactRecord, MethodRecord, MissionRecord, NameRecord, NumberRecord,
    ObjectRecord, RemovedRecord, TagRecord,
};
use crate::image::store::{Snapshot, Space, Table, describe, number, rest, version, versions_of};
use crate::image::{BlobId, Oid, StoreError, Tid, links};

/// What the records of a store say together.
#[derive(Default)]
pub(super) struct Records {
    /// All could be read, and the current ones are the newest of the history.
    pub is_sound: bool,
    /// Which methods need a blob; first those that are there now.
    pub blobs: BTreeMap<BlobId, Needed>,
    objects: BTreeMap<Oid, Leads>,
    names: BTreeMap<String, Oid>,
    methods: Vec<(Oid, String)>,
    versions: u64,
    read: u64,
}

/// Who needs a blob.
pub(super) struct Needed {
    /// The methods that are there now, as object and selector.
    pub now: Vec<(Oid, String)>,
    /// A method of the past.
    pub past: Option<(Oid, String)>,
}

struct Leads {
    name: String,
    to: Vec<Oid>,
}

/// What is looked at in passing.
struct Found<'a> {
    records: Records,
    base: Tid,
    report: &'a mut FsckReport,
}

impl Records {
    /// At the transaction `base` the history may hold what is older.
    ///
    /// # Errors
    /// When the engine cannot read on.
    pub(super) fn read(
        snapshot: &Snapshot,
        base: Tid,
        report: &mut FsckReport,
        progress: &mut Progress<'_>,
    ) -> Result<Self, StoreError> {
        let mut found = Found {
            records: Self {
                is_sound: true,
                ..Self::default()
            },
            base,
            report,
        };
        found.current(snapshot, progress)?;
        found.history(snapshot, progress)?;
        for entry in snapshot.iter(Space::Audit) {
            let (key, sealed) = entry?;
            if let Err(error) = envelope::open::<AuditRecord>(&sealed) {
                let name = format!("audit entry {}", number(&key));
                found.unreadable(Part::Store, name, &error);
            }
        }
        found.names();
        found.references();
        Ok(found.records)
    }

    pub(super) fn count(&self, report: &mut FsckReport) {
        report.objects = self.objects.len() as u64;
        report.methods = self.methods.len() as u64;
        report.versions = self.versions;
    }

    /// An object by its name, or by its number.
    pub(super) fn known_as(&self, oid: Oid) -> String {
        match self.objects.get(&oid) {
            Some(leads) if !leads.name.is_empty() => leads.name.clone(),
            _ => format!("object {oid}"),
        }
    }

    fn need(&mut self, blob: BlobId) -> &mut Needed {
        self.blobs.entry(blob).or_insert(Needed {
            now: Vec::new(),
            past: None,
        })
    }
}

impl Found<'_> {
    fn current(
        &mut self,
        snapshot: &Snapshot,
        progress: &mut Progress<'_>,
    ) -> Result<(), StoreError> {
        for entry in snapshot.iter(Space::Current) {
            let (key, sealed) = entry?;
            self.step(progress);
            if let Err((part, error)) = self.current_record(&key, &sealed) {
                self.unreadable(part, describe(&key), &error);
                continue;
            }
            let with_history = Table::WITH_HISTORY.iter();
            let mut with_history = with_history.map(|table| *table as u8);
            if with_history.any(|table| key.first() == Some(&table)) {
                let newest = snapshot.range(Space::History, versions_of(&key)..).next();
                let newest = newest.transpose()?;
                let newest = newest.filter(|(found, _)| found.starts_with(&versions_of(&key)));
                if newest.is_none_or(|(_, newest)| newest != sealed) {
                    self.disagrees(&key, "it is not the newest version in the history");
                }
            }
        }
        Ok(())
    }

    fn current_record(&mut self, key: &[u8], sealed: &[u8]) -> Result<(), (Part, EnvelopeError)> {
        let is = |table: Table| key.first() == Some(&(table as u8));
        let in_store = |error| (Part::Store, error);
        let rest = rest(key);
        let records = &mut self.records;
        if is(Table::Object) {
            let head = envelope::open::<ObjectRecord>(sealed).map_err(|e| (Part::Object, e))?;
            let head = head.to_head(number(rest));
            let to = links::of(&head);
            let name = head.name;
            records.objects.insert(head.oid, Leads { name, to });
        } else if is(Table::Name) {
            let record = envelope::open::<NameRecord>(sealed).map_err(|e| (Part::Name, e))?;
            let name = String::from_utf8_lossy(rest).into_owned();
            records.names.insert(name, record.oid.to_native());
        } else if is(Table::Method) {
            let record = envelope::open::<MethodRecord>(sealed).map_err(|e| (Part::Method, e))?;
            let method = (number(rest), record.selector.as_str().to_owned());
            let blob = BlobId::from_bytes(record.wasm);
            records.need(blob).now.push(method.clone());
            records.methods.push(method);
        } else if is(Table::Number) {
            opens::<NumberRecord>(sealed).map_err(in_store)?;
        } else if is(Table::Calls) {
            opens::<CallsRecord>(sealed).map_err(in_store)?;
        } else if is(Table::Mission) {
            opens::<MissionRecord>(sealed).map_err(in_store)?;
        } else if is(Table::Fact) {
            opens::<FactRecord>(sealed).map_err(in_store)?;
        } else {
            opens::<TagRecord>(sealed).map_err(in_store)?;
        }
        Ok(())
    }

    fn history(
        &mut self,
        snapshot: &Snapshot,
        progress: &mut Progress<'_>,
    ) -> Result<(), StoreError> {
        let mut before: Vec<u8> = Vec::new();
        for entry in snapshot.iter(Space::History) {
            let (key, sealed) = entry?;
            // The mark of how far it has come.
            let Some((thing, tid)) = version(&key) else {
                continue;
            };
            self.records.versions += 1;
            self.step(progress);
            let is_removal = envelope::kind(&sealed) == Some(Kind::Removed as u8);
            if before != thing {
                thing.clone_into(&mut before);
                let current = snapshot.get(Space::Current, thing)?.is_some();
                if !is_removal && !current {
                    self.disagrees(
                        thing,
                        "the history has it as it is now, and it is not there",
                    );
                }
            }
            match self.version(thing, &sealed) {
                Err(error) => {
                    let name = format!("{} as of transaction {tid}", describe(thing));
                    self.unreadable(Part::History, name, &error);
                }
                Ok(Some(own)) if own > tid || (own < tid && tid > self.base) => {
                    let name = describe(thing);
                    let why = format!("its version of transaction {tid} is one of {own}");
                    self.records.is_sound = false;
                    self.report.named(Part::History, name, why, Cure::Change);
                }
                Ok(_) => {}
            }
        }
        Ok(())
    }

    /// Gives the transaction that the record itself names.
    fn version(&mut self, thing: &[u8], sealed: &[u8]) -> Result<Option<Tid>, EnvelopeError> {
        let is = |table: Table| thing.first() == Some(&(table as u8));
        if envelope::kind(sealed) == Some(Kind::Removed as u8) {
            let record = envelope::open::<RemovedRecord>(sealed)?;
            return Ok(Some(record.tid.to_native()));
        }
        Ok(if is(Table::Object) {
            let record = envelope::open::<ObjectRecord>(sealed)?;
            Some(record.tid.to_native())
        } else if is(Table::Name) {
            opens::<NameRecord>(sealed)?;
            None
        } else if is(Table::Method) {
            let record = envelope::open::<MethodRecord>(sealed)?;
            let method = (number(rest(thing)), record.selector.as_str().to_owned());
            let blob = BlobId::from_bytes(record.wasm);
            self.records.need(blob).past.get_or_insert(method);
            None
        } else if is(Table::Mission) {
            let record = envelope::open::<MissionRecord>(sealed)?;
            Some(record.tid.to_native())
        } else {
            let record = envelope::open::<FactRecord>(sealed)?;
            Some(record.tid.to_native())
        })
    }

    /// Each name leads to the object that has it, and each object that has one is found by it.
    fn names(&mut self) {
        let Records { objects, names, .. } = &self.records;
        for (name, oid) in names {
            let why = match objects.get(oid) {
                None => format!("it is of object {oid}, which is not there"),
                Some(object) if object.name != *name => {
                    format!("it is of object {oid}, whose name is {:?}", object.name)
                }
                Some(_) => continue,
            };
            let name = format!("name {name}");
            self.report.named(Part::Name, name, why, Cure::Change);
        }
        for (oid, object) in objects {
            if !object.name.is_empty() && names.get(&object.name) != Some(oid) {
                let why = format!("its name {:?} does not lead to it", object.name);
                let object = format!("object {oid}");
                self.report.named(Part::Name, object, why, Cure::Change);
            }
        }
    }

    fn references(&mut self) {
        let Records {
            objects, methods, ..
        } = &self.records;
        for (oid, object) in objects {
            for to in object.to.iter().filter(|to| !objects.contains_key(to)) {
                let why = format!("it leads to object {to}, which is not there");
                let name = self.records.known_as(*oid);
                self.report.named(Part::Reference, name, why, Cure::Change);
            }
        }
        for (oid, selector) in methods {
            if !objects.contains_key(oid) {
                let name = format!("method {selector} of object {oid}");
                let why = "its object is not there";
                self.report.named(Part::Method, name, why, Cure::Change);
            }
        }
    }

    fn unreadable(&mut self, part: Part, name: String, error: &EnvelopeError) {
        self.records.is_sound = false;
        self.report
            .named(part, name, error.to_string(), Cure::Restore);
    }

    fn disagrees(&mut self, thing: &[u8], why: &str) {
        self.records.is_sound = false;
        self.report
            .named(Part::History, describe(thing), why, Cure::Change);
    }

    fn step(&mut self, progress: &mut Progress<'_>) {
        self.records.read += 1;
        if self.records.read.is_multiple_of(1024) {
            progress(Step::Records, self.records.read);
        }
    }
}

fn opens<R>(sealed: &[u8]) -> Result<(), EnvelopeError>
where
    R: Record,
    R::Archived: for<'a> CheckBytes<HighValidator<'a, rancor::Error>>,
{
    envelope::open::<R>(sealed).map(|_| ())
}
