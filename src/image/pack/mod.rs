//! Pack: what happened before a transaction is dropped, but for what tags pin; so are objects that nothing
//! leads to, and blobs that nothing needs.
//!
//! A base of that transaction is written beside, compared with what base and log say, and only then put
//! in place: from that moment on it is the truth, and all that follows only removes what it stands for.
//! A kill before leaves the image as it was, a kill after is gone on from by the next opening and the
//! next pack. Commits go on all the while.

mod blobs;
mod collect;
mod error;
mod garbage;
mod points;
mod report;
mod switch;
mod trim;
mod truth;

pub use error::PackError;
pub use report::{PackOptions, PackStep, PackUntil, Packed};

pub(super) use garbage::Garbage;

use std::collections::HashSet;

use super::store::Store;
use super::{BlobId, Image, Read, Shared, Tid, View, base, disk};
use garbage::Unreachable;
use points::{Pass, Points};
use truth::Truth;

/// Is told how much of a step is done.
pub type PackProgress<'a> = dyn FnMut(PackStep, u64) + 'a;

impl Image {
    /// Packs the image while it goes on. Checks and backups wait for its end.
    ///
    /// # Errors
    /// The image is whole then, as it was before or with the new base; what had been removed so far
    /// stays removed.
    pub fn pack(
        &self,
        options: &PackOptions,
        progress: &mut PackProgress<'_>,
    ) -> Result<Packed, PackError> {
        let shared = &self.inner.shared;
        let _files = shared.keep_files();
        let _ = self.inner.committer.take_slowest();
        let view = self.view();
        let mut packed = Packed {
            dry_run: options.dry_run,
            horizon_before: view.horizon(),
            bytes_before: taken(shared)?,
            ..Packed::default()
        };
        let until = until(&view, options.until)?;
        if options.dry_run {
            plan(shared, &view, until, options.collect, &mut packed, progress)?;
            packed.slowest_commit = self.inner.committer.take_slowest();
            return Ok(packed);
        }
        drop(view);
        if options.collect {
            packed.objects = self.collect(progress)?;
        }
        trim::finish(shared, progress)?;
        let newest = self.inner.committer.turn(until)?;
        let _floor = Floor(&shared.store);
        let needed = switch::switch(shared, until, newest, &mut packed, progress)?;
        let swept = blobs::sweep(&shared.blobs, &needed, false, progress)?;
        (packed.blobs, packed.blob_bytes) = swept;
        packed.bytes_after = taken(shared)?;
        packed.slowest_commit = self.inner.committer.take_slowest();
        Ok(packed)
    }
}

/// When pack ends, tags may pin again whatever can be read.
struct Floor<'a>(&'a Store);

impl Drop for Floor<'_> {
    fn drop(&mut self) {
        self.0.set_floor(self.0.horizon());
    }
}

/// The transaction before which all is to go; `None`: the newest when it begins.
fn until(view: &View, until: PackUntil) -> Result<Option<Tid>, PackError> {
    let (newest, horizon) = (view.tid(), view.horizon());
    match until {
        PackUntil::Newest => Ok(None),
        PackUntil::Time(time_ms) => Ok(Some(view.newest_at(time_ms)?.max(horizon))),
        PackUntil::Tid(tid) if tid > newest => Err(PackError::Unknown { tid, newest }),
        PackUntil::Tid(tid) if tid < horizon => Err(PackError::Earlier { tid, horizon }),
        PackUntil::Tid(tid) => Ok(Some(tid)),
    }
}

/// What would be done, without doing any of it.
fn plan(
    shared: &Shared,
    view: &View,
    until: Option<Tid>,
    collects: bool,
    packed: &mut Packed,
    progress: &mut PackProgress<'_>,
) -> Result<(), PackError> {
    let unreachable = if collects {
        Unreachable::find(view)?
    } else {
        Unreachable::default()
    };
    packed.objects = unreachable.len();
    let newest = view.tid();
    let horizon = until.unwrap_or(newest);
    let base = base::newest(&shared.folder)?;
    let truth = Truth::read(shared, base.as_ref(), horizon, newest, progress)?;
    let points = Points::new(horizon, &truth.pins);
    let mut pass = Pass::new(points);
    if until.is_none() {
        // Their removal comes before what everything is kept from.
        pass.leave_out(unreachable.garbage());
    }
    pass.read(view.snapshot(), progress)?;
    packed.note(&pass, &truth);
    let (entries, bytes) = trim::count_audit(view.snapshot(), &pass.points)?;
    packed.audit = entries;
    packed.freed_by(bytes);
    let needed: HashSet<BlobId> = pass.blobs;
    let swept = blobs::sweep(&shared.blobs, &needed, true, progress)?;
    (packed.blobs, packed.blob_bytes) = swept;
    packed.bytes_after = packed.bytes_before;
    Ok(())
}

fn taken(shared: &Shared) -> Result<u64, PackError> {
    disk::taken(&shared.folder).map_err(error::failed("read", &shared.folder))
}
