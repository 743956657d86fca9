//! A snapshot of the image at one transaction.
//!
//! Every record that is read goes through the envelope's checks. A view costs memory that compaction
//! cannot free while it lives: take one for a question, not for a session.

use std::sync::Arc;

use rkyv::api::high::HighValidator;
use rkyv::bytecheck::CheckBytes;
use rkyv::rancor;

use super::counts::Counts;
use super::envelope::{self, Record};
use super::object::{AuditEntry, Head, Method, Mission, MissionId, Oid, Tag, Tid};
use super::proposal::Key;
use super::record::{
    ArchivedMethodRecord, AuditRecord, FactRecord, MethodRecord, MissionRecord, NameRecord,
    ObjectRecord, TagRecord,
};
use super::store::{Snapshot, Space, Store, Table, number, rest, version, versions_of};
use super::{ImageError, PastView, Read, links};

/// A read-only snapshot; later commits do not show in it.
#[derive(Clone)]
pub struct View {
    store: Arc<Store>,
    counts: Arc<Counts>,
    snapshot: Snapshot,
    tid: Tid,
}

/// What an object leads to.
pub(super) struct Leads {
    pub oid: Oid,
    pub is_named: bool,
    pub to: Vec<Oid>,
}

impl View {
    /// `newest` is what is said when the snapshot cannot say it itself.
    pub(super) fn now(store: &Arc<Store>, counts: &Arc<Counts>, newest: Tid) -> Self {
        let (snapshot, tid) = store.snapshot_and_tid();
        Self {
            store: Arc::clone(store),
            counts: Arc::clone(counts),
            snapshot,
            tid: tid.unwrap_or(newest),
        }
    }

    /// What is kept about one transaction.
    pub fn audit(&self, tid: Tid) -> Result<Option<AuditEntry>, ImageError> {
        let found = self.snapshot.get(Space::Audit, tid.to_be_bytes());
        match found? {
            Some(bytes) => {
                let record = opened::<AuditRecord>(&bytes, &|| audit_text(tid))?;
                Ok(Some(record.to_entry(tid)))
            }
            None => Ok(None),
        }
    }

    /// The transactions after `tid`, oldest first, at most `limit`.
    pub fn audit_since(&self, tid: Tid, limit: usize) -> Result<Vec<AuditEntry>, ImageError> {
        let from = tid.saturating_add(1).to_be_bytes();
        let range = self.snapshot.range(Space::Audit, from..);
        let mut entries = Vec::new();
        for entry in range.take(limit) {
            let (key, value) = entry?;
            let tid = number(&key);
            let record = opened::<AuditRecord>(&value, &|| audit_text(tid))?;
            entries.push(record.to_entry(tid));
        }
        Ok(entries)
    }

    /// The transactions before `tid`, newest first, at most `limit`.
    pub fn audit_before(&self, tid: Tid, limit: usize) -> Result<Vec<AuditEntry>, ImageError> {
        let range = self.snapshot.range(Space::Audit, ..tid.to_be_bytes());
        let mut entries = Vec::new();
        for entry in range.rev().take(limit) {
            let (key, value) = entry?;
            let tid = number(&key);
            let record = opened::<AuditRecord>(&value, &|| audit_text(tid))?;
            entries.push(record.to_entry(tid));
        }
        Ok(entries)
    }

    /// The newest transaction that began at a time or before it, in milliseconds since 1970; 0 when none
    /// did, or all of those were packed away.
    pub fn newest_at(&self, time_ms: u64) -> Result<Tid, ImageError> {
        for entry in self.snapshot.iter(Space::Audit).rev() {
            let (key, value) = entry?;
            let tid = number(&key);
            let record = opened::<AuditRecord>(&value, &|| audit_text(tid))?;
            if record.time_ms.to_native() <= time_ms {
                return Ok(tid);
            }
        }
        Ok(0)
    }

    /// What each object leads to, by number.
    pub(super) fn leads(&self) -> Result<Vec<Leads>, ImageError> {
        self.scan::<ObjectRecord, _>(
            Table::Object.key(b""),
            |key| format!("object {}", number(key)),
            |key, record| {
                let head = record.to_head(number(key));
                Leads {
                    oid: head.oid,
                    is_named: !head.name.is_empty(),
                    to: links::of(&head),
                }
            },
        )
    }

    /// The transactions that changed an object and were not packed away, newest first.
    pub fn versions(&self, oid: Oid) -> Result<Vec<Tid>, ImageError> {
        let versions = versions_of(&Table::Object.key(&oid.to_be_bytes()));
        let mut tids = Vec::new();
        for entry in self.snapshot.prefix(Space::History, versions) {
            let (key, _) = entry?;
            tids.extend(version(&key).map(|(_, tid)| tid));
        }
        Ok(tids)
    }

    /// The image as it was after a transaction.
    ///
    /// # Errors
    /// When there is no such transaction, or it was packed away and no tag pins it.
    pub fn at(&self, tid: Tid) -> Result<PastView, ImageError> {
        let newest = self.tid;
        if tid > newest {
            return Err(ImageError::UnknownTransaction { tid, newest });
        }
        let horizon = self.store.horizon();
        if tid < horizon && !self.tags()?.iter().any(|tag| tag.pinned == tid) {
            return Err(ImageError::PackedAway { tid, horizon });
        }
        Ok(PastView::new(self.clone(), tid))
    }

    /// Before this transaction only what tags pin can be read; 0 when nothing was packed away.
    pub fn horizon(&self) -> Tid {
        self.store.horizon()
    }

    pub fn tag(&self, name: &str) -> Result<Option<Tag>, ImageError> {
        let key = Table::Tag.key(name.as_bytes());
        let what = || format!("tag {name}");
        self.get::<TagRecord, _>(key, &what, |record| record.to_tag(name))
    }

    /// By name.
    pub fn tags(&self) -> Result<Vec<Tag>, ImageError> {
        self.scan::<TagRecord, _>(
            Table::Tag.key(b""),
            |key| format!("tag {}", text(key)),
            |key, record| record.to_tag(&text(key)),
        )
    }

    pub(super) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The version of a key; `None` where there is nothing.
    pub(super) fn version(&self, key: &Key) -> Result<Option<Tid>, ImageError> {
        match key {
            Key::Object(oid) => Ok(self.shared_head(*oid)?.map(|head| head.tid)),
            Key::Name(name) => self.oid_named(name),
            Key::Exists(oid) => Ok(self.shared_head(*oid)?.map(|_| 0)),
            Key::Tag(name) => Ok(self.tag(name)?.map(|tag| tag.tid)),
            Key::Mission(id) => Ok(self.mission(*id)?.map(|mission| mission.tid)),
            Key::Fact(key) => self.fact_record(key, |record| record.tid.to_native()),
        }
    }

    fn fact_record<T>(
        &self,
        key: &str,
        convert: impl FnOnce(&<FactRecord as rkyv::Archive>::Archived) -> T,
    ) -> Result<Option<T>, ImageError> {
        let what = || format!("fact {key}");
        self.get::<FactRecord, _>(Table::Fact.key(key.as_bytes()), &what, convert)
    }

    /// A record of the current state.
    fn get<R, T>(
        &self,
        key: Vec<u8>,
        what: &dyn Fn() -> String,
        convert: impl FnOnce(&R::Archived) -> T,
    ) -> Result<Option<T>, ImageError>
    where
        R: Record,
        R::Archived: for<'a> CheckBytes<HighValidator<'a, rancor::Error>>,
    {
        let found = self.snapshot.get(Space::Current, key);
        match found? {
            Some(bytes) => Ok(Some(convert(opened::<R>(&bytes, what)?))),
            None => Ok(None),
        }
    }

    /// The records of the current state whose key begins so, by key.
    fn scan<R, T>(
        &self,
        prefix: Vec<u8>,
        what: impl Fn(&[u8]) -> String,
        mut convert: impl FnMut(&[u8], &R::Archived) -> T,
    ) -> Result<Vec<T>, ImageError>
    where
        R: Record,
        R::Archived: for<'a> CheckBytes<HighValidator<'a, rancor::Error>>,
    {
        let mut found = Vec::new();
        for entry in self.snapshot.prefix(Space::Current, prefix) {
            let (key, value) = entry?;
            let key = rest(&key);
            let record = opened::<R>(&value, &|| what(key))?;
            found.push(convert(key, record));
        }
        Ok(found)
    }
}

impl Read for View {
    fn head(&self, oid: Oid) -> Result<Option<Head>, ImageError> {
        Ok(self.shared_head(oid)?.map(Arc::unwrap_or_clone))
    }

    fn shared_head(&self, oid: Oid) -> Result<Option<Arc<Head>>, ImageError> {
        let lately = &self.store.objects;
        if let Some(known) = lately.get(&oid, self.tid) {
            return Ok(Some(known));
        }
        let key = Table::Object.key(&oid.to_be_bytes());
        let what = || format!("object {oid}");
        let found = self.get::<ObjectRecord, _>(key, &what, |record| record.to_head(oid))?;
        let found = found.map(Arc::new);
        if let Some(head) = &found {
            lately.put(oid, Arc::clone(head), head.bytes(), self.tid);
        }
        Ok(found)
    }

    fn oid_named(&self, name: &str) -> Result<Option<Oid>, ImageError> {
        let lately = &self.store.names;
        if let Some(known) = lately.get(name, self.tid) {
            return Ok(Some(known));
        }
        let key = Table::Name.key(name.as_bytes());
        let what = || format!("the name {name}");
        let found = self.get::<NameRecord, _>(key, &what, |record| record.oid.to_native())?;
        if let Some(oid) = found {
            lately.put(name.to_owned(), oid, name.len(), self.tid);
        }
        Ok(found)
    }

    fn heads(&self) -> Result<Vec<Head>, ImageError> {
        let mut heads = self.scan::<ObjectRecord, _>(
            Table::Object.key(b""),
            |key| format!("object {}", number(key)),
            |key, record| record.to_head(number(key)),
        )?;
        heads.sort_by(|a, b| (&a.name, a.oid).cmp(&(&b.name, b.oid)));
        Ok(heads)
    }

    fn method(&self, oid: Oid, selector: &str) -> Result<Option<Method>, ImageError> {
        let found = self.get::<MethodRecord, _>(
            Table::Method.method_key(oid, selector),
            &|| format!("method {selector} of object {oid}"),
            ArchivedMethodRecord::to_method,
        )?;
        Ok(found.map(|mut method| {
            self.counts.fill(oid, &mut method);
            method
        }))
    }

    fn methods(&self, oid: Oid) -> Result<Vec<Method>, ImageError> {
        self.scan::<MethodRecord, _>(
            Table::Method.key(&oid.to_be_bytes()),
            |_| format!("a method of object {oid}"),
            |_, record| {
                let mut method = record.to_method();
                self.counts.fill(oid, &mut method);
                method
            },
        )
    }

    fn mission(&self, id: MissionId) -> Result<Option<Mission>, ImageError> {
        let key = Table::Mission.key(&id.to_be_bytes());
        let what = || format!("mission {id}");
        self.get::<MissionRecord, _>(key, &what, |record| record.to_mission(id))
    }

    fn missions(&self) -> Result<Vec<Mission>, ImageError> {
        self.scan::<MissionRecord, _>(
            Table::Mission.key(b""),
            |key| format!("mission {}", number(key)),
            |key, record| record.to_mission(number(key)),
        )
    }

    fn fact(&self, key: &str) -> Result<Option<String>, ImageError> {
        self.fact_record(key, |record| record.value.as_str().to_owned())
    }

    fn facts(&self, prefix: &str) -> Result<Vec<(String, String)>, ImageError> {
        self.scan::<FactRecord, _>(
            Table::Fact.key(prefix.as_bytes()),
            |key| format!("fact {}", text(key)),
            |key, record| (text(key), record.value.as_str().to_owned()),
        )
    }

    fn tid(&self) -> Tid {
        self.tid
    }
}

pub(super) fn text(key: &[u8]) -> String {
    String::from_utf8_lossy(key).into_owned()
}

pub(super) fn opened<'b, R>(
    bytes: &'b [u8],
    what: &dyn Fn() -> String,
) -> Result<&'b R::Archived, ImageError>
where
    R: Record,
    R::Archived: for<'a> CheckBytes<HighValidator<'a, rancor::Error>>,
{
    envelope::open::<R>(bytes).map_err(|source| ImageError::Record {
        what: what(),
        source,
    })
}

fn audit_text(tid: Tid) -> String {
    format!("audit entry {tid}")
}
