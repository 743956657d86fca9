//! Removing objects that nothing leads to, by transactions of the kernel's.
//!
//! Small ones, so that nobody waits for them. What hangs together goes in one transaction; where that is
//! too much, each object first lets go of the others. While this goes on the committer notes what anybody
//! changes or leads to: when that is in the garbage, it is looked for anew.

use super::garbage::Unreachable;
use super::{PackError, PackProgress, PackStep};
use crate::image::{Author, CommitError, Image, ImageError, Oid, Transaction};

/// Objects in one transaction.
const BATCH: usize = 128;
/// What objects that let go take in one transaction, in bytes.
const BATCH_BYTES: usize = 512 * 1024;
/// How it ended.
enum Round {
    Done,
    /// Somebody came to know some of it.
    Disturbed,
    /// There is no room for transactions, which pack may make.
    Full,
}

/// How often it is looked for anew; then the rest is left to the next pack.
const ROUNDS: u32 = 16;

impl Image {
    /// Gives how many were removed.
    pub(super) fn collect(&self, progress: &mut PackProgress<'_>) -> Result<u64, PackError> {
        let mut collected = 0;
        for _ in 0..ROUNDS {
            let committer = &self.inner.committer;
            committer.watch(true)?;
            // Order matters: what is seen here is older than what is noted.
            let round = Unreachable::find(&self.view())
                .map_err(PackError::from)
                .and_then(|unreachable| self.remove(&unreachable, &mut collected, progress));
            committer.watch(false)?;
            if !matches!(round?, Round::Disturbed) {
                break;
            }
        }
        Ok(collected)
    }

    fn remove(
        &self,
        unreachable: &Unreachable,
        collected: &mut u64,
        progress: &mut PackProgress<'_>,
    ) -> Result<Round, PackError> {
        let mut batch: Vec<Oid> = Vec::new();
        for part in &unreachable.parts {
            if part.len() > BATCH {
                let round = self.loosen(unreachable, part)?;
                if !matches!(round, Round::Done) {
                    return Ok(round);
                }
            }
            if batch.len() + part.len() > BATCH {
                let round = self.remove_batch(unreachable, &batch, collected, progress)?;
                if !matches!(round, Round::Done) {
                    return Ok(round);
                }
                batch.clear();
            }
            batch.extend(part);
        }
        self.remove_batch(unreachable, &batch, collected, progress)
    }

    /// Objects that hang together, unless they are more than a batch: these have let go of each other.
    fn remove_batch(
        &self,
        unreachable: &Unreachable,
        oids: &[Oid],
        collected: &mut u64,
        progress: &mut PackProgress<'_>,
    ) -> Result<Round, PackError> {
        for oids in oids.chunks(BATCH) {
            let count = oids.len();
            let round = self.kernel(&mut |t| {
                t.collect(&unreachable.garbage(), oids)?;
                t.audit(&format!("pack: {count} objects that nothing led to"));
                Ok(())
            })?;
            if !matches!(round, Round::Done) {
                return Ok(round);
            }
            *collected += count as u64;
            progress(PackStep::Collect, *collected);
        }
        Ok(Round::Done)
    }

    fn loosen(&self, unreachable: &Unreachable, part: &[Oid]) -> Result<Round, PackError> {
        let mut left = part;
        while !left.is_empty() {
            let mut taken = 0;
            let round = self.kernel(&mut |t| {
                let mut bytes = 0;
                taken = 0;
                for oid in left.iter().take(BATCH) {
                    bytes += t.weight(*oid)?;
                    if taken > 0 && bytes > BATCH_BYTES {
                        break;
                    }
                    taken += 1;
                }
                let oids = left.get(..taken).unwrap_or_default();
                t.loosen(&unreachable.garbage(), oids)?;
                t.audit("pack: objects that nothing leads to let go of each other");
                Ok(())
            })?;
            if !matches!(round, Round::Done) {
                return Ok(round);
            }
            left = left.get(taken..).unwrap_or_default();
        }
        Ok(Round::Done)
    }

    fn kernel(
        &self,
        work: &mut dyn FnMut(&mut Transaction) -> Result<(), ImageError>,
    ) -> Result<Round, PackError> {
        let mut transaction = self.begin(Author::Kernel);
        match work(&mut transaction) {
            Err(ImageError::UnknownObject { .. }) => return Ok(Round::Disturbed),
            worked => worked?,
        }
        match transaction.commit() {
            Ok(_) => Ok(Round::Done),
            Err(CommitError::Conflict { .. }) => Ok(Round::Disturbed),
            Err(CommitError::DiskFull { .. }) => Ok(Round::Full),
            Err(error) => Err(PackError::Commit(error)),
        }
    }
}
