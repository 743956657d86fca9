//! A view of the image as it was after a transaction.
//!
//! Read from the history: of each thing, the newest version that is not newer than the transaction.
//! Call counts are not part of the past and read as zero.

use rkyv::api::high::HighValidator;
use rkyv::bytecheck::CheckBytes;
use rkyv::rancor;

use super::envelope::{self, Kind, Record};
use super::object::{Head, Method, Mission, MissionId, Oid, Tid};
use super::record::{
    ArchivedMethodRecord, FactRecord, MethodRecord, MissionRecord, NameRecord, ObjectRecord,
};
use super::store::{Space, Table, history_key, number, rest, version, versions_of};
use super::view::{opened, text};
use super::{ImageError, Read, View};

/// The image as of a past transaction; made by [`View::at`].
#[derive(Clone)]
pub struct PastView {
    view: View,
    tid: Tid,
}

impl PastView {
    /// The caller has made sure that nothing of that time was packed away.
    pub(super) fn new(view: View, tid: Tid) -> Self {
        Self { view, tid }
    }

    fn get<R, T>(
        &self,
        key: &[u8],
        what: &dyn Fn() -> String,
        convert: impl FnOnce(&R::Archived) -> T,
    ) -> Result<Option<T>, ImageError>
    where
        R: Record,
        R::Archived: for<'a> CheckBytes<HighValidator<'a, rancor::Error>>,
    {
        match self.newest(&versions_of(key), &history_key(key, self.tid))? {
            Some((_, sealed)) if envelope::kind(&sealed) != Some(Kind::Removed as u8) => {
                Ok(Some(convert(opened::<R>(&sealed, what)?)))
            }
            _ => Ok(None),
        }
    }

    /// The first entry from `from` on whose key begins with `prefix`.
    fn newest(
        &self,
        prefix: &[u8],
        from: &[u8],
    ) -> Result<Option<(fjall::UserKey, fjall::UserValue)>, ImageError> {
        let Some(entry) = self.view.snapshot().range(Space::History, from..).next() else {
            return Ok(None);
        };
        let entry = entry?;
        Ok(entry.0.starts_with(prefix).then_some(entry))
    }

    /// Every thing whose key begins so, as it was then, by key.
    fn scan<R, T>(
        &self,
        prefix: &[u8],
        what: impl Fn(&[u8]) -> String,
        mut convert: impl FnMut(&[u8], &R::Archived) -> T,
    ) -> Result<Vec<T>, ImageError>
    where
        R: Record,
        R::Archived: for<'a> CheckBytes<HighValidator<'a, rancor::Error>>,
    {
        let mut found = Vec::new();
        let mut from = prefix.to_vec();
        while let Some((key, sealed)) = self.newest(prefix, &from)? {
            let Some((thing, tid)) = version(&key) else {
                break;
            };
            if tid > self.tid {
                // Behind the versions that are too new; when all are, the next thing stands there.
                from = history_key(thing, self.tid);
                continue;
            }
            if envelope::kind(&sealed) != Some(Kind::Removed as u8) {
                let key = rest(thing);
                found.push(convert(key, opened::<R>(&sealed, &|| what(key))?));
            }
            from = thing.to_vec();
            from.push(1);
        }
        Ok(found)
    }
}

impl Read for PastView {
    fn head(&self, oid: Oid) -> Result<Option<Head>, ImageError> {
        let key = Table::Object.key(&oid.to_be_bytes());
        let what = || format!("object {oid}");
        self.get::<ObjectRecord, _>(&key, &what, |record| record.to_head(oid))
    }

    fn oid_named(&self, name: &str) -> Result<Option<Oid>, ImageError> {
        let key = Table::Name.key(name.as_bytes());
        let what = || format!("the name {name}");
        self.get::<NameRecord, _>(&key, &what, |record| record.oid.to_native())
    }

    fn heads(&self) -> Result<Vec<Head>, ImageError> {
        let mut heads = self.scan::<ObjectRecord, _>(
            &Table::Object.key(b""),
            |key| format!("object {}", number(key)),
            |key, record| record.to_head(number(key)),
        )?;
        heads.sort_by(|a, b| (&a.name, a.oid).cmp(&(&b.name, b.oid)));
        Ok(heads)
    }

    fn method(&self, oid: Oid, selector: &str) -> Result<Option<Method>, ImageError> {
        let key = Table::Method.method_key(oid, selector);
        let what = || format!("method {selector} of object {oid}");
        self.get::<MethodRecord, _>(&key, &what, ArchivedMethodRecord::to_method)
    }

    fn methods(&self, oid: Oid) -> Result<Vec<Method>, ImageError> {
        self.scan::<MethodRecord, _>(
            &Table::Method.key(&oid.to_be_bytes()),
            |_| format!("a method of object {oid}"),
            |_, record| record.to_method(),
        )
    }

    fn mission(&self, id: MissionId) -> Result<Option<Mission>, ImageError> {
        let key = Table::Mission.key(&id.to_be_bytes());
        let what = || format!("mission {id}");
        self.get::<MissionRecord, _>(&key, &what, |record| record.to_mission(id))
    }

    fn missions(&self) -> Result<Vec<Mission>, ImageError> {
        self.scan::<MissionRecord, _>(
            &Table::Mission.key(b""),
            |key| format!("mission {}", number(key)),
            |key, record| record.to_mission(number(key)),
        )
    }

    fn fact(&self, key: &str) -> Result<Option<String>, ImageError> {
        let stored = Table::Fact.key(key.as_bytes());
        let what = || format!("fact {key}");
        self.get::<FactRecord, _>(&stored, &what, |record| record.value.as_str().to_owned())
    }

    fn facts(&self, prefix: &str) -> Result<Vec<(String, String)>, ImageError> {
        self.scan::<FactRecord, _>(
            &Table::Fact.key(prefix.as_bytes()),
            |key| format!("fact {}", text(key)),
            |key, record| (text(key), record.value.as_str().to_owned()),
        )
    }

    fn tid(&self) -> Tid {
        self.tid
    }
}
