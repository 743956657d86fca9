//! Waiting for the storage engine, and never for one that has given up.
//!
//! When it cannot write out what it holds in memory the engine takes no more writes, and those that wait for
//! it wait for ever. So whoever waits does it here, and looks whether it still works.

use std::thread;
use std::time::Duration;

use fjall::{Keyspace, PersistMode};

use super::engine::Engine;
use super::failed;
use crate::image::StoreError;

/// The engine itself makes writers wait at 4 tables in memory, or 30 on the disk that are to be merged.
const WAITING_MEMTABLES: usize = 3;
const WAITING_TABLES: usize = 28;
/// Half of that: what can wait leaves the rest to commits.
const FEW_MEMTABLES: usize = 2;
const FEW_TABLES: usize = 10;
const PAUSE: Duration = Duration::from_millis(5);

impl Engine {
    /// Waits until the engine takes a write without making it wait.
    pub(super) fn wait_to_write(&self) -> Result<(), StoreError> {
        self.wait_while(|keyspace| is_behind(keyspace, WAITING_MEMTABLES, WAITING_TABLES))
    }

    /// Waits until the engine has little to write out, so that commits need not wait.
    pub(super) fn wait_for_quiet(&self) -> Result<(), StoreError> {
        self.wait_while(|keyspace| is_behind(keyspace, FEW_MEMTABLES, FEW_TABLES))
    }

    /// Writes out what a keyspace holds in memory.
    pub(super) fn write_out(&self, keyspace: &Keyspace) -> Result<(), StoreError> {
        let rotated = keyspace.rotate_memtable();
        if rotated.map_err(|error| failed("write out", error))? {
            while keyspace.sealed_memtable_count() > 0 {
                self.must_work()?;
                thread::sleep(PAUSE);
            }
        }
        Ok(())
    }

    fn wait_while(&self, is_behind: impl Fn(&Keyspace) -> bool) -> Result<(), StoreError> {
        while self.spaces.all().into_iter().any(&is_behind) {
            self.must_work()?;
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// An error when the engine takes no more writes.
    fn must_work(&self) -> Result<(), StoreError> {
        self.database
            .persist(PersistMode::Buffer)
            .map_err(|error| failed("write out", error))
    }
}

fn is_behind(keyspace: &Keyspace, memtables: usize, tables: usize) -> bool {
    keyspace.sealed_memtable_count() >= memtables || keyspace.l0_table_count() >= tables
}
