//! The index: everything that can be found, in memory, always of one state of the image.
//!
//! It follows the image by the audit trail: what a transaction has written is read again, whatever wrote it (a
//! mission, a person, an undo, an import). Where the trail is packed away, or long, everything is looked at
//! again, and what did not change is kept.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::catalogue::{DOCUMENTS, Document, name_in};
use super::lesson::{CURES, Cure, FACTS, FAILURES};
use super::postings::Postings;
use super::terms::terms;
use super::vectors::{self, Key, Vectors};
use crate::image::{ImageError, Method, Oid, Read, Tid, View};

/// Transactions that are followed one by one; looking at everything is faster than at more.
const FOLLOWED: usize = 2_000;
/// Of a method's source, what is looked into.
const SOURCE_BYTES: usize = 8 * 1024;
/// Keys of facts that are in the index begin with one of these.
const KEPT: [&str; 4] = [DOCUMENTS, FACTS, FAILURES, CURES];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A chunk of a document.
    Document,
    /// A sentence that the person had the system remember.
    Fact,
    Method,
    /// Why a mission failed, or what cured it.
    Lesson,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Fact => "fact",
            Self::Method => "method",
            Self::Lesson => "lesson",
        }
    }
}

/// Something that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub kind: Kind,
    /// The document's name, the fact's key, `Account.deposit`.
    pub name: String,
    /// The headings above a chunk; a method's signature.
    pub heading: String,
    /// Where a chunk begins in its document, from 1; else 0.
    pub line: u32,
    pub text: String,
}

impl Entry {
    /// What an embedding model reads of it.
    pub fn meaning(&self) -> String {
        match self.kind {
            // The signature is in the source.
            Kind::Method => self.text.clone(),
            _ if self.heading.is_empty() => self.text.clone(),
            _ => format!("{}\n{}", self.heading, self.text),
        }
    }

    fn words(&self) -> Vec<String> {
        // What a thing is called tells more about it than any of its words.
        let name = match self.kind {
            Kind::Document => self.name.rsplit('/').next().unwrap_or_default(),
            Kind::Fact => "",
            Kind::Method | Kind::Lesson => self.name.as_str(),
        };
        let mut words = terms(name);
        words.extend(terms(&self.heading));
        words.extend(terms(&self.text));
        words
    }
}

/// What is read, changed and left out together: a fact, or an object's methods.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Fact(String),
    Object(Oid),
}

struct Group {
    /// Hash of the contents.
    mark: blake3::Hash,
    /// The object's name.
    name: String,
    entries: Vec<u32>,
}

#[derive(Default)]
pub struct Index {
    /// The state that it is of; `None` before it is of any.
    tid: Option<Tid>,
    entries: Vec<Option<(Arc<Entry>, Key)>>,
    free: Vec<u32>,
    groups: BTreeMap<Source, Group>,
    postings: Postings,
}

impl Index {
    /// Brings it to the state of the view.
    pub fn follow(&mut self, view: &View) -> Result<(), ImageError> {
        let newest = view.tid();
        match self.tid {
            Some(tid) if tid >= newest => return Ok(()),
            Some(tid) if tid >= view.horizon() => {
                let trail = view.audit_since(tid, FOLLOWED + 1)?;
                if trail.len() > FOLLOWED {
                    self.look_at_all(view)?;
                } else {
                    let written = trail.into_iter().flat_map(|entry| entry.objects);
                    self.look_at(view, &written.collect())?;
                }
            }
            _ => self.look_at_all(view)?,
        }
        self.tid = Some(newest);
        Ok(())
    }

    /// How many things can be found.
    pub fn len(&self) -> usize {
        self.entries.len() - self.free.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn postings(&self) -> &Postings {
        &self.postings
    }

    pub(super) fn entry(&self, number: u32) -> Option<&Arc<Entry>> {
        let (entry, _) = self.entries.get(number as usize)?.as_ref()?;
        Some(entry)
    }

    /// Every entry with its number and what its vector is kept under.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, &Arc<Entry>, &Key)> {
        let all = (0..).zip(&self.entries);
        all.filter_map(|(number, place)| {
            let (entry, key) = place.as_ref()?;
            Some((number, entry, key))
        })
    }

    /// Some of what has no vector yet, with its text.
    pub fn without_vector(&self, vectors: &Vectors, limit: usize) -> Vec<(Key, String)> {
        let all = self.all().filter(|(_, _, key)| vectors.get(key).is_none());
        all.take(limit)
            .map(|(_, entry, key)| (*key, entry.meaning()))
            .collect()
    }

    /// What all vectors are kept under.
    pub fn keys(&self) -> HashSet<Key> {
        self.all().map(|(_, _, key)| *key).collect()
    }

    /// What was written, as the audit trail names it.
    fn look_at(&mut self, view: &View, written: &BTreeSet<String>) -> Result<(), ImageError> {
        for name in written {
            if let Some(key) = name.strip_prefix("fact ") {
                if KEPT.iter().any(|prefix| key.starts_with(prefix)) {
                    self.look_at_fact(key, view.fact(key)?);
                }
                continue;
            }
            let found = match name
                .strip_prefix("object ")
                .and_then(|oid| oid.parse().ok())
            {
                Some(oid) => Some(oid),
                None => view.oid_named(name)?,
            };
            // Under this name it may have been known before.
            let before: Vec<Oid> = self.objects_named(name);
            for oid in before.into_iter().chain(found) {
                self.look_at_object(view, oid)?;
            }
        }
        Ok(())
    }

    fn objects_named(&self, name: &str) -> Vec<Oid> {
        let named = self
            .groups
            .iter()
            .filter_map(|(source, group)| match source {
                Source::Object(oid) if group.name == name => Some(*oid),
                _ => None,
            });
        named.collect()
    }

    fn look_at_all(&mut self, view: &View) -> Result<(), ImageError> {
        let mut seen = BTreeSet::new();
        for prefix in KEPT {
            for (key, value) in view.facts(prefix)? {
                self.look_at_fact(&key, Some(value));
                seen.insert(Source::Fact(key));
            }
        }
        for head in view.heads()? {
            self.look_at_object(view, head.oid)?;
            seen.insert(Source::Object(head.oid));
        }
        let gone: Vec<Source> = self
            .groups
            .keys()
            .filter(|source| !seen.contains(source))
            .cloned()
            .collect();
        for source in gone {
            self.leave_out(&source);
        }
        Ok(())
    }

    fn look_at_fact(&mut self, key: &str, value: Option<String>) {
        let source = Source::Fact(key.to_owned());
        let Some(value) = value else {
            self.leave_out(&source);
            return;
        };
        let mark = blake3::hash(value.as_bytes());
        if self
            .groups
            .get(&source)
            .is_none_or(|group| group.mark != mark)
        {
            self.replace(source, mark, String::new(), entries_of_fact(key, value));
        }
    }

    fn look_at_object(&mut self, view: &View, oid: Oid) -> Result<(), ImageError> {
        let source = Source::Object(oid);
        let head = view.head(oid)?;
        let methods = match &head {
            Some(_) => view.methods(oid)?,
            None => Vec::new(),
        };
        let Some(head) = head.filter(|_| !methods.is_empty()) else {
            self.leave_out(&source);
            return Ok(());
        };
        let name = head.known_as();
        let mut mark = blake3::Hasher::new();
        for part in std::iter::once(&name).chain(methods.iter().map(|method| &method.source)) {
            mark.update(&(part.len() as u64).to_le_bytes());
            mark.update(part.as_bytes());
        }
        let mark = mark.finalize();
        if self
            .groups
            .get(&source)
            .is_none_or(|group| group.mark != mark)
        {
            let entries = methods
                .iter()
                .map(|method| entry_of(&name, method))
                .collect();
            self.replace(source, mark, name, entries);
        }
        Ok(())
    }

    fn replace(&mut self, source: Source, mark: blake3::Hash, name: String, entries: Vec<Entry>) {
        self.leave_out(&source);
        let entries = entries.into_iter().map(|entry| self.put(entry)).collect();
        let group = Group {
            mark,
            name,
            entries,
        };
        self.groups.insert(source, group);
    }

    fn put(&mut self, entry: Entry) -> u32 {
        let words = entry.words();
        let key = vectors::key_of(&entry.meaning());
        let entry = Some((Arc::new(entry), key));
        let number = if let Some(number) = self.free.pop() {
            if let Some(place) = self.entries.get_mut(number as usize) {
                *place = entry;
            }
            number
        } else {
            self.entries.push(entry);
            u32::try_from(self.entries.len() - 1).unwrap_or(u32::MAX)
        };
        self.postings.add(number, &words);
        number
    }

    fn leave_out(&mut self, source: &Source) {
        let Some(group) = self.groups.remove(source) else {
            return;
        };
        for number in group.entries {
            let place = self.entries.get_mut(number as usize);
            if let Some((entry, _)) = place.and_then(Option::take) {
                self.postings.remove(number, &entry.words());
                self.free.push(number);
            }
        }
    }
}

fn entries_of_fact(key: &str, value: String) -> Vec<Entry> {
    if let Some(name) = name_in(key) {
        let chunks = Document::from_fact(&value).map(|document| document.chunks);
        let entry = |chunk: super::Chunk| Entry {
            kind: Kind::Document,
            name: name.to_owned(),
            heading: chunk.heading,
            line: chunk.line,
            text: chunk.text,
        };
        return chunks.unwrap_or_default().into_iter().map(entry).collect();
    }
    let method = [FAILURES, CURES]
        .iter()
        .find_map(|prefix| key.strip_prefix(prefix)?.split('/').next());
    vec![Entry {
        kind: if method.is_some() {
            Kind::Lesson
        } else {
            Kind::Fact
        },
        name: method.unwrap_or(key).to_owned(),
        heading: String::new(),
        line: 0,
        text: Cure::from_fact(&value).map_or(value, |cure| cure.text()),
    }]
}

fn entry_of(object: &str, method: &Method) -> Entry {
    let end = method.source.floor_char_boundary(SOURCE_BYTES);
    Entry {
        kind: Kind::Method,
        name: format!("{object}.{}", method.selector),
        heading: method.signature.clone(),
        line: 0,
        text: method.source.get(..end).unwrap_or_default().to_owned(),
    }
}
