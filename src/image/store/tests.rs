//! What is seen while the engine has not taken everything.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{MutexGuard, PoisonError};

use super::engine::Engine;
use super::*;

const KEYS: u64 = 300;

fn key(place: u64) -> Vec<u8> {
    Table::Number.key(&place.to_be_bytes())
}

fn put_all(store: &Store, number: u64) -> Result<(), StoreError> {
    let mut changes = Changes::default();
    for place in 0..KEYS {
        changes.put(Space::Current, key(place), &NumberRecord { number })?;
    }
    store.write(changes, PersistMode::Buffer)
}

/// The numbers under all keys, each once.
fn seen(store: &Store) -> Result<Vec<u64>, ImageError> {
    let snapshot = store.snapshot();
    let mut numbers = Vec::new();
    for place in 0..KEYS {
        let found = snapshot.get(Space::Current, key(place))?;
        let number = found.map(|bytes| number_record(&bytes, "a number"));
        numbers.push(number.transpose()?.unwrap_or_default());
    }
    numbers.dedup();
    Ok(numbers)
}

#[test]
fn a_snapshot_has_all_of_a_batch_or_nothing_while_memory_is_written_out()
-> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("store");
    Store::create(&path)?;
    let store = Store::open(&path)?;
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let written = (1..400).try_for_each(|number| put_all(&store, number));
            done.store(true, Ordering::Relaxed);
            written
        });
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let _ = store.engine.spaces.current.rotate_memtable_and_wait();
            }
        });
        while !done.load(Ordering::Relaxed) {
            assert_eq!(seen(&store)?.len(), 1);
        }
        Ok(writer.join().map_err(|_| "the writer panicked")??)
    })
}

/// Pseudo-random numbers, the same ones each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

type Tested<T> = Result<T, Box<dyn std::error::Error>>;
type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// Short keys, so that they are often the same and begin alike.
fn some_key(numbers: &mut Numbers) -> Vec<u8> {
    let length = 1 + numbers.below(3);
    (0..length)
        .map(|_| match numbers.below(4) {
            0 => 0,
            1 => 1,
            2 => 0xfe,
            _ => 0xff,
        })
        .collect()
}

fn some_changes(numbers: &mut Numbers, model: &mut Model) -> Changes {
    let mut changes = Changes::default();
    for _ in 0..numbers.below(6) {
        let key = some_key(numbers);
        if numbers.below(3) == 0 {
            model.remove(&key);
            changes.remove(Space::History, key);
        } else {
            let value = numbers.below(1000).to_be_bytes().to_vec();
            model.insert(key.clone(), value.clone());
            changes.insert(Space::History, key, value);
        }
    }
    changes
}

/// All entries, taken from either end by turns that `numbers` chooses.
fn taken(entries: snapshot::Entries, numbers: &mut Numbers) -> Tested<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut entries = entries.map(|entry| {
        let (key, value) = entry?;
        Ok::<_, StoreError>((key.to_vec(), value.to_vec()))
    });
    let (mut front, mut back) = (Vec::new(), Vec::new());
    let ends = numbers.below(3);
    loop {
        let from_front = ends == 0 || ends == 1 && numbers.below(2) == 0;
        let next = if from_front {
            entries.next()
        } else {
            entries.next_back()
        };
        match next {
            Some(entry) if from_front => front.push(entry?),
            Some(entry) => back.push(entry?),
            None => break,
        }
    }
    assert!(entries.next().is_none() && entries.next_back().is_none());
    back.reverse();
    front.extend(back);
    Ok(front)
}

fn compare(snapshot: &Snapshot, model: &Model, numbers: &mut Numbers) -> Tested<()> {
    let all = |model: &Model| -> Vec<_> { model.clone().into_iter().collect() };
    assert_eq!(taken(snapshot.iter(Space::History), numbers)?, all(model));
    for _ in 0..20 {
        let (one, other) = (some_key(numbers), some_key(numbers));
        let found = snapshot.get(Space::History, &one)?;
        assert_eq!(found.map(|value| value.to_vec()), model.get(&one).cloned());
        let mut begun = model.clone();
        begun.retain(|key, _| key.starts_with(&one));
        assert_eq!(
            taken(snapshot.prefix(Space::History, &one), numbers)?,
            all(&begun)
        );
        let (from, to) = (one.clone().min(other.clone()), one.max(other));
        let within: Model = model
            .range(from.clone()..to.clone())
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        assert_eq!(
            taken(snapshot.range(Space::History, from..to), numbers)?,
            all(&within)
        );
    }
    Ok(())
}

/// As long as it lives the engine takes nothing.
fn hold(engine: &Engine) -> MutexGuard<'_, ()> {
    engine.gate.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn what_is_pending_is_seen_as_if_the_engine_had_it() -> Tested<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("store");
    Store::create(&path)?;
    let store = Store::open(&path)?;
    let mut model: Model = store
        .snapshot()
        .iter(Space::History)
        .map(|entry| entry.map(|(key, value)| (key.to_vec(), value.to_vec())))
        .collect::<Result<_, _>>()?;
    let mut numbers = Numbers(7);
    for round in 0..60 {
        let before = (store.snapshot(), model.clone());
        let held = hold(&store.engine);
        for _ in 0..numbers.below(40) {
            store.take(&[], some_changes(&mut numbers, &mut model));
        }
        let pending = store.snapshot();
        // Looking through them stays cheap.
        assert!(pending.pending.len() <= 24, "{}", pending.pending.len());
        compare(&pending, &model, &mut numbers)?;
        compare(&before.0, &before.1, &mut numbers)?;
        drop(held);
        if round % 3 > 0 {
            store.settle()?;
            let settled = store.snapshot();
            assert!(settled.pending.is_empty());
            compare(&settled, &model, &mut numbers)?;
            // Still as it was.
            compare(&pending, &model, &mut numbers)?;
        }
    }
    drop(store);
    // What was pending at the end is there, too.
    let store = Store::open(&path)?;
    compare(&store.snapshot(), &model, &mut numbers)
}

#[test]
fn who_commits_waits_only_once_much_is_pending() -> Tested<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("store");
    Store::create(&path)?;
    let store = Store::open(&path)?;
    let held = hold(&store.engine);
    let value = vec![7; 1 << 20];
    let mut taken = 0;
    let waits = AtomicBool::new(true);
    while !store.engine.queue().is_full() {
        store.wait_for_room()?;
        let mut changes = Changes::default();
        changes.insert(Space::History, vec![1, taken], value.clone());
        store.take(&[], changes);
        taken += 1;
    }
    assert!((8..32).contains(&taken), "{taken}");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let waited = store.wait_for_room();
            waits.store(false, Ordering::SeqCst);
            waited
        });
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert!(waits.load(Ordering::SeqCst));
        drop(held);
        waiting.join().map_err(|_| "the one who waits panicked")
    })??;
    store.settle()?;
    assert_eq!(
        store.snapshot().prefix(Space::History, [1]).count(),
        usize::from(taken)
    );
    Ok(())
}

#[test]
fn who_waits_for_what_is_there_does_not_wait_for_what_comes_after() -> Tested<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("store");
    Store::create(&path)?;
    let store = Store::open(&path)?;
    let push = |key: u64| {
        let mut changes = Changes::default();
        changes.insert(Space::History, key.to_be_bytes().to_vec(), vec![7; 64]);
        store.take(&[], changes);
    };
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // There is always something pending.
        let writing = scope.spawn(|| {
            let mut key = 0;
            while !done.load(Ordering::Relaxed) {
                push(key);
                key += 1;
            }
        });
        for key in 0..20 {
            let key = u64::MAX - key;
            push(key);
            let settled = store.settle();
            // Not in what is pending: the engine itself has it.
            let stored = store.engine.spaces.history.get(key.to_be_bytes());
            let stored = stored.is_ok_and(|value| value.is_some());
            if settled.is_err() || !stored {
                done.store(true, Ordering::Relaxed);
            }
            settled?;
            assert!(stored, "{key}");
        }
        done.store(true, Ordering::Relaxed);
        writing.join().map_err(|_| "the writer panicked")?;
        Ok(())
    })
}
