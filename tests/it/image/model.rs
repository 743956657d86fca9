//! The image against a model that is a few maps: random transactions with savepoints, undo, views of
//! the past, reopenings, stores made anew, and checks.
//!
//! `BATOS_PROPERTY_ROUNDS` runs longer, each round with a seed of its own; `BATOS_PROPERTY_SEED` is the
//! first seed. A failure prints the seed of its round.

mod change;
mod state;

use std::fs;
use std::path::Path;

use batos::image::{Author, BlobId, Image, Read as _, Tid, Transaction, UndoError};

use change::{Random, change};
use state::{Model, present, state};

const SEED: u64 = 0x5EED_0001;
const ROUNDS: u64 = 2;
const TRANSACTIONS: u32 = 150;

/// Says which seed it was when a round fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "run again with BATOS_PROPERTY_SEED={} BATOS_PROPERTY_ROUNDS=1",
                self.0
            );
        }
    }
}

/// An image and what it should hold.
struct Pair<'a> {
    folder: &'a Path,
    image: Image,
    wasm: BlobId,
    random: Random,
    /// After each transaction, from the empty image on.
    states: Vec<Model>,
    undone: u32,
    refused: u32,
}

impl<'a> Pair<'a> {
    fn new(folder: &'a Path, seed: u64) -> Self {
        let image = Image::open(folder).unwrap();
        Self {
            folder,
            wasm: image.blobs().put(b"wasm").unwrap(),
            image,
            random: Random::new(seed),
            states: vec![Model::default()],
            undone: 0,
            refused: 0,
        }
    }

    fn newest(&self) -> Tid {
        self.states.len() as Tid - 1
    }

    fn at(&self, tid: Tid) -> &Model {
        &self.states[usize::try_from(tid).unwrap()]
    }

    /// A transaction of random changes with savepoints, committed or not.
    fn transact(&mut self) {
        let newest = self.newest();
        let mut model = self.at(newest).clone();
        let mut t = self.image.begin(Author::Kernel);
        let mut savepoints = Vec::new();
        for _ in 0..self.random.below(12) {
            change(&mut self.random, &mut t, &mut model, self.wasm, newest);
            match self.random.below(6) {
                0 => savepoints.push((t.savepoint(), model.clone())),
                1 => {
                    if let Some((savepoint, then)) = savepoints.pop() {
                        t.roll_back_to(savepoint);
                        model = then;
                        assert_eq!(state(&t), model.without_tags());
                    }
                }
                _ => {}
            }
        }
        assert_eq!(state(&t), model.without_tags());
        if self.random.below(4) > 0 {
            self.commit(t, model);
        }
    }

    fn commit(&mut self, t: Transaction, model: Model) {
        if t.is_empty() {
            assert_eq!(t.commit().unwrap(), self.newest());
            return;
        }
        assert_eq!(t.commit().unwrap(), self.newest() + 1);
        self.states.push(model);
    }

    /// Takes back a transaction: the newest one, or any.
    fn undo(&mut self) {
        let newest = self.newest();
        let tid = match self.random.below(2) {
            0 => newest,
            _ => self.random.below(newest + 1),
        };
        if tid == 0 {
            return;
        }
        let model = self.at(newest).clone();
        let mut t = self.image.begin(Author::Person);
        match t.undo(tid) {
            Ok(_) => {
                let mut undone = state(&t);
                let (before, after) = (self.at(tid - 1), self.at(tid));
                check_undo(&model, &undone, before, after);
                if tid == newest {
                    // A slot that comes back stands behind the others; the order does not count.
                    assert_eq!(undone.sorted().objects, before.sorted().objects);
                    assert_eq!(undone.facts, before.facts);
                }
                undone.tags.clone_from(&model.tags);
                self.commit(t, undone);
                self.undone += 1;
            }
            Err(UndoError::Depends { .. } | UndoError::Nothing { .. }) => {
                assert!(t.is_empty());
                assert_eq!(state(&t), model.without_tags());
                self.refused += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// What is done to an image between transactions.
    fn keep_up(&mut self) {
        match self.random.below(40) {
            0 | 1 => self.reopen(|_| {}),
            2 => self.reopen(|folder| fs::remove_dir_all(folder.join("store")).unwrap()),
            3 => self.check(),
            _ => {}
        }
    }

    fn reopen(&mut self, between: impl FnOnce(&Path)) {
        self.image.clone().close().unwrap();
        // The last handle frees the folder.
        let other = tempfile::tempdir().unwrap();
        self.image = Image::open(other.path()).unwrap();
        between(self.folder);
        self.image = Image::open(self.folder).unwrap();
    }

    fn check(&self) {
        let report = self.image.fsck(&mut |_, _| {}).unwrap();
        assert_eq!(report.findings, []);
        assert!(report.compared);
        let verified = self.image.verify(&mut |_, _| {}).unwrap();
        assert_eq!(verified.newest, self.newest());
    }

    fn compare(&mut self) {
        let view = self.image.view();
        assert_eq!(present(&view), *self.at(self.newest()));
        let tid = self.random.below(self.newest() + 1);
        assert_eq!(state(&view.at(tid).unwrap()), self.at(tid).without_tags());
    }

    fn compare_all(&self) {
        let view = self.image.view();
        assert_eq!(view.tid(), self.newest());
        for tid in 0..=self.newest() {
            let past = state(&view.at(tid).unwrap());
            assert_eq!(past, self.at(tid).without_tags(), "transaction {tid}");
        }
    }
}

/// Nothing but what the undone transaction changed is changed by its undo.
fn check_undo(now: &Model, undone: &Model, before: &Model, after: &Model) {
    assert_eq!(undone.missions, now.missions);
    for (key, value) in now.facts.iter().chain(&undone.facts) {
        if undone.facts.get(key) != now.facts.get(key) {
            assert_ne!(before.facts.get(key), after.facts.get(key), "{value}");
            assert_eq!(undone.facts.get(key), before.facts.get(key));
        }
    }
    for oid in now.objects.keys().chain(undone.objects.keys()) {
        if undone.objects.get(oid) != now.objects.get(oid) {
            assert_ne!(before.objects.get(oid), after.objects.get(oid), "{oid}");
        }
    }
}

fn run(seed: u64) {
    let _seed = Seed(seed);
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::new(folder.path(), seed);
    for _ in 0..TRANSACTIONS {
        match pair.random.below(8) {
            0 => pair.undo(),
            _ => pair.transact(),
        }
        pair.keep_up();
        pair.compare();
    }
    let undos = (pair.undone, pair.refused);
    assert!(undos.0 > 0 && undos.1 > 0, "{undos:?} undone and refused");
    pair.compare_all();
    pair.check();
    pair.reopen(|folder| fs::remove_dir_all(folder.join("store")).unwrap());
    pair.compare_all();
}

fn number(variable: &str, default: u64) -> u64 {
    let text = std::env::var(variable);
    text.map_or(default, |text| text.parse().unwrap())
}

#[test]
fn random_transactions_match_the_model() {
    let first = number("BATOS_PROPERTY_SEED", SEED);
    for round in 0..number("BATOS_PROPERTY_ROUNDS", ROUNDS) {
        run(first.wrapping_add(round));
    }
}
