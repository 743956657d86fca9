//! Call counts: kept in memory, written along with commits.
//!
//! Counting must not make a transaction of every send. So a count lives outside the snapshots: a
//! reader always sees the newest, and a kill may lose what no commit has taken along yet.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::object::{Method, Oid};
use super::store::{Space, Store, Table};
use super::{envelope, record::CallsRecord};

type MethodName = (Oid, String);

/// Calls and failures of one method, to be written.
pub(super) struct CountedMethod {
    pub oid: Oid,
    pub selector: String,
    pub calls: u64,
    pub failures: u64,
}

pub(super) struct Counts {
    store: Arc<Store>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Calls and failures of the methods that were called or replaced since the image was opened.
    totals: HashMap<MethodName, (u64, u64)>,
    /// Those that differ from what is stored.
    unwritten: HashSet<MethodName>,
}

impl Counts {
    pub(super) fn new(store: Arc<Store>) -> Self {
        Self {
            store,
            inner: Mutex::default(),
        }
    }

    pub(super) fn count(&self, oid: Oid, selector: &str, failed: bool) {
        let name = (oid, selector.to_owned());
        let mut inner = self.inner();
        let total = inner
            .totals
            .entry(name.clone())
            .or_insert_with(|| self.stored(oid, selector));
        total.0 = total.0.saturating_add(1);
        total.1 = total.1.saturating_add(u64::from(failed));
        inner.unwritten.insert(name);
    }

    /// Fills in a method's counts.
    pub(super) fn fill(&self, oid: Oid, method: &mut Method) {
        let known = {
            let name = (oid, method.selector.clone());
            self.inner().totals.get(&name).copied()
        };
        (method.calls, method.failures) =
            known.unwrap_or_else(|| self.stored(oid, &method.selector));
    }

    /// The method has other code now.
    pub(super) fn start_anew(&self, oid: Oid, selector: &str) {
        let name = (oid, selector.to_owned());
        let mut inner = self.inner();
        inner.totals.insert(name.clone(), (0, 0));
        inner.unwritten.insert(name);
    }

    /// The method is gone.
    pub(super) fn forget(&self, oid: Oid, selector: &str) {
        let name = (oid, selector.to_owned());
        let mut inner = self.inner();
        inner.totals.remove(&name);
        inner.unwritten.remove(&name);
    }

    /// What has to be written; afterwards it counts as written.
    pub(super) fn take_unwritten(&self) -> Vec<CountedMethod> {
        let mut inner = self.inner();
        let names = std::mem::take(&mut inner.unwritten);
        names
            .into_iter()
            .map(|(oid, selector)| {
                let name = (oid, selector);
                let (calls, failures) = inner.totals.get(&name).copied().unwrap_or_default();
                CountedMethod {
                    oid,
                    selector: name.1,
                    calls,
                    failures,
                }
            })
            .collect()
    }

    /// An unreadable count is no reason to refuse a send: it starts at zero.
    fn stored(&self, oid: Oid, selector: &str) -> (u64, u64) {
        let key = Table::Calls.method_key(oid, selector);
        let stored = self.store.snapshot().get(Space::Current, key);
        let Ok(Some(bytes)) = stored else {
            return (0, 0);
        };
        envelope::open::<CallsRecord>(&bytes).map_or((0, 0), |record| {
            (record.calls.to_native(), record.failures.to_native())
        })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Nothing in here panics halfway through a change.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
