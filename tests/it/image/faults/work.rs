//! What each thread of a worker does, one transaction after the other: a function of a seed alone, so that
//! whoever knows how far a thread has come knows all that it has left in the image.

use std::collections::BTreeSet;

use batos::image::{
    Author, CommitError, Image, ImageError, PackError, PackOptions, PackUntil, Read, Slot, Tid,
    Transaction, UndoError,
};

use crate::image::method;
use crate::image::model::change::Random;

pub const THREADS: u64 = 4;
/// What all threads write to, and the parent of every object.
pub const LEDGER: &str = "Ledger";

/// One transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Two facts that agree.
    Facts,
    /// Takes back the step before, which was `Facts`.
    Undo,
    /// Adds to what everyone adds to, and to the thread's own object.
    Count,
    /// An object and a fact about it.
    Create,
    /// The object that this step made, and its fact.
    Remove(u64),
    /// A method with a blob of its own, and a slot that names it.
    Method,
    /// A tag for the step before.
    Tag,
    Mission,
}

/// How far a thread has come, and what it has left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Steps done; each writes it to the fact `n/THREAD`.
    pub n: u64,
    /// The transaction of the newest.
    pub tid: Tid,
    last: Option<Step>,
    /// The step whose number the two facts hold, and which one they held before.
    pub facts: Option<u64>,
    facts_before: Option<u64>,
    pub counted: u64,
    pub last_counted: Option<u64>,
    pub objects: BTreeSet<u64>,
    pub method: Option<u64>,
    pub tag: Option<Tid>,
    pub mission: Option<u64>,
}

impl Place {
    /// What comes next.
    pub fn next(&self, seed: u64, thread: u64) -> Step {
        let mut random = Random::new(mixed(mixed(seed ^ thread) ^ self.n));
        match random.below(12) {
            0 if self.last == Some(Step::Facts) => Step::Undo,
            0..=2 => Step::Facts,
            3..=5 => Step::Count,
            6 | 7 if self.objects.len() < 12 => Step::Create,
            6..=8 => match self.objects.first() {
                Some(oldest) => Step::Remove(*oldest),
                None => Step::Create,
            },
            9 => Step::Method,
            10 if self.n > 0 => Step::Tag,
            _ => Step::Mission,
        }
    }

    /// The next step was done, by transaction `tid`.
    pub fn take(&mut self, step: Step, tid: Tid) {
        self.n += 1;
        let n = self.n;
        match step {
            Step::Facts => self.facts_before = self.facts.replace(n),
            Step::Undo => self.facts = self.facts_before,
            Step::Count => {
                self.counted += 1;
                self.last_counted = Some(n);
            }
            Step::Create => {
                self.objects.insert(n);
            }
            Step::Remove(made) => {
                self.objects.remove(&made);
            }
            Step::Method => self.method = Some(n),
            Step::Tag => self.tag = Some(self.tid),
            Step::Mission => self.mission = Some(n),
        }
        self.last = Some(step);
        self.tid = tid;
    }

    /// Where a thread is that finds this image.
    pub fn found(image: &Image, seed: u64, thread: u64) -> Self {
        let view = image.view();
        let done = view.fact(&format!("n/{thread}")).unwrap();
        let done: u64 = done.map_or(0, |n| n.parse().unwrap());
        let mut tids = Vec::new();
        let mut before = Tid::MAX;
        // The last step's transaction is all that is ever needed again.
        while (tids.len() as u64) < done.min(1) {
            let entries = view.audit_before(before, 100).unwrap();
            before = entries.last().unwrap().tid;
            let own = |line: &String| {
                let marked = mark(line);
                matches!(marked, Some((by, _)) if by == thread)
            };
            let own = entries.iter().filter(|entry| entry.lines.iter().any(own));
            tids.extend(own.map(|entry| entry.tid));
        }
        let mut place = Self::default();
        for n in 1..=done {
            let tid = usize::try_from(done - n).ok().and_then(|at| tids.get(at));
            place.take(place.next(seed, thread), tid.copied().unwrap_or_default());
        }
        place
    }
}

/// A step that was not done.
#[derive(Debug)]
pub enum Failure {
    Commit(CommitError),
    Image(ImageError),
    Undo(UndoError),
}

impl From<CommitError> for Failure {
    fn from(error: CommitError) -> Self {
        Self::Commit(error)
    }
}

impl From<ImageError> for Failure {
    fn from(error: ImageError) -> Self {
        Self::Image(error)
    }
}

impl From<UndoError> for Failure {
    fn from(error: UndoError) -> Self {
        Self::Undo(error)
    }
}

/// Makes what the threads share, unless it is there.
pub fn set_up(image: &Image) -> Result<(), Failure> {
    if image.view().oid_named(LEDGER)?.is_some() {
        return Ok(());
    }
    image.transact(Author::Kernel, |t| {
        let ledger = t.create_object(LEDGER, None)?;
        t.set_slot(ledger, shared("count", "Counter", integer(0)))?;
        t.set_slot(ledger, shared("last", "SharedSet<u64>", array(&[])))?;
        for thread in 0..THREADS {
            let own = t.create_object(&own_name(thread), Some(ledger))?;
            t.set_slot(own, shared("counted", "i64", integer(0)))?;
        }
        t.audit("set up");
        Ok::<_, Failure>(())
    })?;
    Ok(())
}

/// Drops the history before what the threads still need: a step may undo or tag the one before.
pub fn pack(image: &Image, newest_of_each: impl Iterator<Item = Tid>) -> Result<Tid, PackError> {
    let oldest = newest_of_each.min().unwrap_or_default();
    let options = PackOptions {
        until: PackUntil::Tid(oldest.saturating_sub(1)),
        collect: true,
        dry_run: false,
    };
    Ok(image.pack(&options, &mut |_, _| {})?.horizon)
}

/// Does a thread's next step.
pub fn advance(image: &Image, place: &mut Place, seed: u64, thread: u64) -> Result<Tid, Failure> {
    let step = place.next(seed, thread);
    let ((), tid) = image.transact(Author::Person, |t| perform(image, t, place, step, thread))?;
    place.take(step, tid);
    Ok(tid)
}

fn perform(
    image: &Image,
    t: &mut Transaction,
    place: &Place,
    step: Step,
    thread: u64,
) -> Result<(), Failure> {
    let n = place.n + 1;
    let text = n.to_string();
    let named = |name: &str, t: &Transaction| t.oid_named(name).map(Option::unwrap);
    let own = named(&own_name(thread), t)?;
    let ledger = named(LEDGER, t)?;
    match step {
        Step::Facts => {
            t.set_fact(&format!("a/{thread}"), &text)?;
            t.set_fact(&format!("b/{thread}"), &text)?;
        }
        Step::Undo => {
            t.undo(place.tid)?;
        }
        Step::Count => {
            let slot = |name: &str, t: &Transaction| {
                let head = t.head(ledger);
                head.map(|head| head.unwrap().slot(name).unwrap().clone())
            };
            let (mut count, mut last) = (slot("count", t)?, slot("last", t)?);
            count.value = integer(read_integer(&count.value) + 1);
            let mut elements = read_array(&last.value);
            elements
                .retain(|element| Some(*element) != place.last_counted.map(|n| unique(thread, n)));
            elements.push(unique(thread, n));
            last.value = array(&elements);
            t.set_slot(ledger, count)?;
            t.set_slot(ledger, last)?;
            let counted = i64::try_from(place.counted + 1).unwrap();
            t.set_slot(own, shared("counted", "i64", integer(counted)))?;
        }
        Step::Create => {
            let oid = t.create_object(&object_name(thread, n), Some(ledger))?;
            t.set_slot(oid, shared("made", "i64", integer(n.cast_signed())))?;
            t.set_fact(&object_name(thread, n), &oid.to_string())?;
        }
        Step::Remove(made) => {
            let name = object_name(thread, made);
            t.remove_object(named(&name, t)?)?;
            t.remove_fact(&name)?;
        }
        Step::Method => {
            let wasm = image.blobs().put(&blob(thread, n))?;
            t.put_method(own, method("code", &text, wasm))?;
            t.set_slot(own, shared("code", "i64", integer(n.cast_signed())))?;
        }
        Step::Tag => t.set_tag(&own_name(thread), place.tid)?,
        Step::Mission => match t
            .missions()?
            .into_iter()
            .find(|m| m.document == own_name(thread))
        {
            Some(mut mission) => {
                mission.state = text.clone();
                t.put_mission(mission)?;
            }
            None => {
                t.create_mission(1, &text, own_name(thread))?;
            }
        },
    }
    t.set_fact(&format!("n/{thread}"), &text)?;
    t.audit(&format!("mark {thread} {n}"));
    Ok(())
}

/// The thread and the step that an audit line or a worker's line names.
pub fn mark(line: &str) -> Option<(u64, u64)> {
    let (thread, n) = line.strip_prefix("mark ")?.split_once(' ')?;
    Some((thread.parse().ok()?, n.parse().ok()?))
}

pub fn own_name(thread: u64) -> String {
    format!("thread/{thread}")
}

pub fn object_name(thread: u64, n: u64) -> String {
    format!("o/{thread}/{n}")
}

/// Of every size up to some pages.
pub fn blob(thread: u64, n: u64) -> Vec<u8> {
    let mark = unique(thread, n).to_le_bytes();
    mark.repeat(usize::try_from(mixed(unique(thread, n)) % 2000 + 1).unwrap())
}

/// A number that only this step has.
pub fn unique(thread: u64, n: u64) -> u64 {
    thread << 40 | n
}

fn mixed(number: u64) -> u64 {
    let number = (number ^ 0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    number ^ number >> 31
}

fn shared(name: &str, rust_type: &str, value: Vec<u8>) -> Slot {
    Slot {
        name: name.into(),
        rust_type: rust_type.into(),
        value,
    }
}

pub fn integer(value: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmp::encode::write_sint(&mut bytes, value).unwrap();
    bytes
}

pub fn read_integer(mut bytes: &[u8]) -> i64 {
    rmp::decode::read_int(&mut bytes).unwrap()
}

fn array(elements: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmp::encode::write_array_len(&mut bytes, elements.len().try_into().unwrap()).unwrap();
    for element in elements {
        rmp::encode::write_uint(&mut bytes, *element).unwrap();
    }
    bytes
}

pub fn read_array(mut bytes: &[u8]) -> Vec<u64> {
    let count = rmp::decode::read_array_len(&mut bytes).unwrap();
    let mut read = || rmp::decode::read_int(&mut bytes).unwrap();
    (0..count).map(|_| read()).collect()
}
