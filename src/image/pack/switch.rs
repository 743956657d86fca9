//! The new base: written, proven, put in place; then what it stands for is removed.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::points::{Kept, Pass, Points, States};
use super::truth::Truth;
use super::{PackError, PackProgress, PackStep, Packed, error, trim};
use crate::image::base::{self, Beside, Entry, Header, Part};
use crate::image::store::{Snapshot, Table, version};
use crate::image::{BlobId, Shared, Tid, disk, log};

/// Beside what is always kept free, for what is committed while the base is written.
const COMMITS_BYTES: u64 = 16 * 1024 * 1024;

/// Drops what is before `until`, or before `newest`: the log has a segment's end there. Gives the blobs that
/// are needed by what is left.
pub(super) fn switch(
    shared: &Shared,
    until: Option<Tid>,
    newest: Tid,
    packed: &mut Packed,
    progress: &mut PackProgress<'_>,
) -> Result<HashSet<BlobId>, PackError> {
    let horizon = until.unwrap_or(newest);
    let before = base::newest(&shared.folder)?;
    let truth = Truth::read(shared, before.as_ref(), horizon, newest, progress)?;
    let points = Points::new(horizon, &truth.pins);
    let mut pass = Pass::new(points.clone());
    if is_at(before.as_ref(), horizon) {
        // Only tags that are gone, if any, leave something to drop.
        let snapshot = shared.store.snapshot();
        pass.read(&snapshot, progress)?;
        if pass.dropped == 0 {
            packed.note(&pass, &truth);
            return Ok(pass.blobs);
        }
        pass = Pass::new(points.clone());
    }
    let snapshot = shared.store.snapshot();
    let numbers = shared.store.numbers_in(&snapshot)?;
    let header = Header {
        tid: horizon,
        hash: truth.hash,
        last_oid: numbers.last_oid,
        last_mission: numbers.last_mission,
    };
    let base = write(shared, &header, &snapshot, &truth, &mut pass, progress)?;
    drop(snapshot);
    prove(&base, &truth, &pass, progress)?;
    packed.note(&pass, &truth);
    // Before the base is there: whoever finds it finds this, too. And after what may fill the disk.
    shared.store.begin_trimming(&numbers)?;
    // From here on it is the truth.
    match base.place() {
        Ok(bytes) => packed.base_bytes = bytes,
        Err(error) => {
            if is_at(base::newest(&shared.folder)?.as_ref(), horizon) {
                shared.store.set_horizon(horizon);
            }
            return Err(error.into());
        }
    }
    // Order matters: nobody looks for what is then removed.
    shared.store.set_horizon(horizon);
    packed.log_bytes = log::begin_after(&shared.folder, horizon)?;
    base::remove_before(&shared.folder, horizon)?;
    let folder = shared.folder.join(base::FOLDER);
    disk::sync_folder(&folder).map_err(error::failed("sync", &folder))?;
    let trimmed = trim::trim(shared, progress)?;
    packed.audit = trimmed.audit;
    packed.freed_by(trimmed.audit_bytes);
    Ok(pass.blobs)
}

fn is_at(base: Option<&(Header, PathBuf)>, horizon: Tid) -> bool {
    base.map_or(0, |(header, _)| header.tid) == horizon
}

/// Writes the new base beside, out of one snapshot.
fn write(
    shared: &Shared,
    header: &Header,
    snapshot: &Snapshot,
    truth: &Truth,
    pass: &mut Pass,
    progress: &mut PackProgress<'_>,
) -> Result<Beside, PackError> {
    let store = &shared.store;
    let points = pass.points.clone();
    let calls = store.current_entries().filter(|entry| {
        let is_tag = |key: &[u8]| key.first() == Some(&(Table::Tag as u8));
        !matches!(entry, Ok(entry) if is_tag(&entry.key))
    });
    let tags = truth.tags.iter().map(|(key, sealed)| {
        Ok(Entry {
            part: Part::Current,
            key: key.clone(),
            sealed: sealed.clone(),
        })
    });
    let audited = points.all().iter().rev();
    let audit = audited.flat_map(|tid| store.audit_of(*tid));
    let others = calls.chain(tags).chain(audit);
    let others = others.map(|entry| entry.map_err(PackError::from));
    let kept = Kept::new(pass, snapshot.versions(), progress);
    let mut room = Room::of(&shared.folder)?;
    let entries = kept.chain(others).map(|entry| {
        let entry = entry?;
        room.take(&entry)?;
        Ok(entry)
    });
    base::write_beside(&shared.folder, header, entries)
}

/// What has to stay free while the base is written: what commits need, or half of what there is, where that
/// is less. Then commits may be refused for a while, and pack makes room for them.
struct Room<'a> {
    image: &'a Path,
    file: File,
    least: u64,
    /// Bytes written since it was looked at.
    unchecked: usize,
}

impl<'a> Room<'a> {
    fn of(image: &'a Path) -> Result<Self, PackError> {
        let file = File::open(image).map_err(error::failed("open", image))?;
        let free = disk::free(&file);
        let enough = disk::RESERVE_BYTES + COMMITS_BYTES;
        Ok(Self {
            image,
            least: enough.min(free / 2),
            file,
            unchecked: 0,
        })
    }

    fn take(&mut self, entry: &Entry) -> Result<(), PackError> {
        self.unchecked += entry.key.len() + entry.sealed.len();
        if self.unchecked < disk::SYNC_BYTES {
            return Ok(());
        }
        self.unchecked = 0;
        let left = disk::free(&self.file);
        if left >= self.least {
            return Ok(());
        }
        let folder = self.image.to_owned();
        Err(PackError::NoRoom { folder, left })
    }
}

/// The store's history is what base and log say, and what was written has the same states.
fn prove(
    base: &Beside,
    truth: &Truth,
    pass: &Pass,
    progress: &mut PackProgress<'_>,
) -> Result<(), PackError> {
    let horizon = pass.points.horizon();
    let differs = |what: &str| PackError::Differs {
        what: format!("{what} transaction {horizon}"),
    };
    if pass.sum != truth.sum {
        return Err(differs("the store is not what base and log say, up to"));
    }
    let mut states = States::new(&pass.points);
    let (mut read, mut is_audited) = (0, false);
    let mut reader = base.read()?;
    while let Some(entries) = reader.chunk()? {
        for entry in &entries {
            let key = version(&entry.key).filter(|_| entry.part == Part::History);
            if let Some((thing, tid)) = key {
                states.take(thing, tid, &entry.sealed);
            }
            is_audited |= entry.part == Part::Audit && entry.key == horizon.to_be_bytes();
        }
        read += entries.len() as u64;
        progress(PackStep::Verify, read);
    }
    if states.sums() != pass.states.sums() {
        return Err(differs(
            "what was written has not the same states as before, at",
        ));
    }
    if !is_audited {
        return Err(differs("there is no audit entry of"));
    }
    Ok(())
}
