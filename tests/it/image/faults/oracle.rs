//! What was acknowledged, kept outside the worker; and whether an image has it.
//!
//! The audit entries say which step each transaction was: they must be there without a gap, each step
//! once and in its thread's order, those that were acknowledged under the tid that was told. What the steps
//! leave behind must be there, and nothing else: so no step is there by half.

use std::collections::{BTreeMap, BTreeSet};

use batos::image::{Image, Read, Tid, View};

use super::work::{self, LEDGER, Place, THREADS, mark, object_name, own_name, unique};

/// The transaction of a step that nobody was told of, and that was packed away.
const UNKNOWN: Tid = 0;

pub struct Oracle {
    seed: u64,
    /// The newest transaction that a check has seen.
    checked: Tid,
    /// Where each thread was then.
    places: Vec<Place>,
    /// Acknowledged since, by tid: thread and step.
    acknowledged: BTreeMap<Tid, (u64, u64)>,
    /// Refused, and not acknowledged since: none of these may be there.
    refused: BTreeSet<(u64, u64)>,
    /// Acknowledged in all.
    pub commits: u64,
    /// There without having been acknowledged: the worker died in between.
    pub unheard: u64,
}

impl Oracle {
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            checked: 0,
            places: vec![Place::default(); usize::try_from(THREADS).unwrap()],
            acknowledged: BTreeMap::new(),
            refused: BTreeSet::new(),
            commits: 0,
            unheard: 0,
        }
    }

    /// A line of a worker (see there). True when it tells of a transaction that is there for good.
    pub fn hear(&mut self, line: &str) -> bool {
        // The test's own output may stand before it.
        let Some(at) = ["ok ", "refused "].iter().find_map(|word| line.find(word)) else {
            return false;
        };
        let (told, _why) = line[at..].split_once(':').unwrap_or((&line[at..], ""));
        let mut words = told.trim_end().splitn(3, ' ');
        let (word, second, rest) = (words.next(), words.next(), words.next());
        if word == Some("refused") {
            let step = told.strip_prefix("refused ").and_then(mark);
            self.refused.extend(step);
            return false;
        }
        let tid = second.and_then(|tid| tid.parse().ok());
        let (Some(tid), Some(step)) = (tid, rest.and_then(mark)) else {
            return false;
        };
        let before = self.acknowledged.insert(tid, step);
        assert_eq!(before, None, "transaction {tid} was given twice");
        self.refused.remove(&step);
        self.commits += 1;
        true
    }

    /// Compares everything; `deaths` workers have died since the last time.
    pub fn check(&mut self, image: &Image, deaths: u64) {
        let view = image.view();
        let unheard = self.follow(&view);
        self.unheard += unheard;
        // Each of its threads had one transaction under way.
        assert!(unheard <= deaths * THREADS, "{unheard} were never told of");
        if view.tid() == 0 {
            return;
        }
        self.check_facts(&view);
        self.check_objects(&view);
        self.check_methods(image, &view);
        self.check_rest(&view);
    }

    /// Goes over what was packed away since: which steps that were says the oldest state that can be
    /// read. Gives the number of those nobody was told of.
    fn skip_packed(&mut self, view: &View) -> u64 {
        let horizon = view.horizon();
        if horizon <= self.checked {
            return 0;
        }
        let past = view.at(horizon).unwrap();
        let kept = self.acknowledged.split_off(&(horizon + 1));
        let packed = std::mem::replace(&mut self.acknowledged, kept).into_iter();
        let mut told: BTreeMap<_, _> = packed.map(|(tid, step)| (step, tid)).collect();
        let mut unheard = 0;
        for (thread, place) in (0..).zip(&mut self.places) {
            let n = past.fact(&format!("n/{thread}")).unwrap();
            let n: u64 = n.map_or(0, |n| n.parse().unwrap());
            while place.n < n {
                let step = (thread, place.n + 1);
                let tid = told.remove(&step);
                assert!(tid.is_some() || !self.refused.contains(&step));
                unheard += u64::from(tid.is_none());
                place.take(place.next(self.seed, thread), tid.unwrap_or(UNKNOWN));
            }
        }
        assert!(told.is_empty(), "lost: {told:?}");
        self.checked = horizon;
        unheard
    }

    /// Goes through the transactions since the last check. Gives the number of those nobody was told of.
    fn follow(&mut self, view: &View) -> u64 {
        let mut unheard = self.skip_packed(view);
        for (tid, entry) in
            (self.checked + 1..).zip(view.audit_since(self.checked, usize::MAX).unwrap())
        {
            assert_eq!(entry.tid, tid, "a gap");
            let told = self.acknowledged.remove(&tid);
            let marks: Vec<_> = entry.lines.iter().filter_map(|line| mark(line)).collect();
            if tid == 1 {
                assert_eq!(
                    (entry.lines.as_slice(), told),
                    (&["set up".to_owned()][..], None)
                );
                self.checked = tid;
                continue;
            }
            let [(thread, n)] = marks[..] else {
                panic!("transaction {tid} is {:?}", entry.lines);
            };
            let place = &mut self.places[usize::try_from(thread).unwrap()];
            assert_eq!(n, place.n + 1, "thread {thread}, transaction {tid}");
            place.take(place.next(self.seed, thread), tid);
            match told {
                Some(told) => assert_eq!(told, (thread, n), "transaction {tid}"),
                None => {
                    assert!(
                        !self.refused.contains(&(thread, n)),
                        "transaction {tid} was refused"
                    );
                    unheard += 1;
                }
            }
            self.checked = tid;
        }
        assert_eq!(self.checked, view.tid());
        assert!(
            self.acknowledged.is_empty(),
            "lost: {:?}",
            self.acknowledged
        );
        unheard
    }

    fn places(&self) -> impl Iterator<Item = (u64, &Place)> {
        (0..).zip(&self.places)
    }

    fn check_facts(&self, view: &View) {
        let mut expected = BTreeMap::new();
        for (thread, place) in self.places() {
            if place.n > 0 {
                expected.insert(format!("n/{thread}"), place.n.to_string());
            }
            for fact in ["a", "b"] {
                let held = place.facts.map(|n| n.to_string());
                expected.extend(held.map(|n| (format!("{fact}/{thread}"), n)));
            }
            for n in &place.objects {
                let name = object_name(thread, *n);
                let oid = view.oid_named(&name).unwrap().unwrap();
                expected.insert(name, oid.to_string());
            }
        }
        let facts: BTreeMap<_, _> = view.facts("").unwrap().into_iter().collect();
        assert_eq!(facts, expected);
    }

    fn check_objects(&self, view: &View) {
        let mut expected = BTreeSet::from([LEDGER.to_owned()]);
        for (thread, place) in self.places() {
            expected.insert(own_name(thread));
            expected.extend(place.objects.iter().map(|n| object_name(thread, *n)));
        }
        let heads = view.heads().unwrap();
        let names: BTreeSet<_> = heads.iter().map(|head| head.name.clone()).collect();
        assert_eq!((names, heads.len()), (expected.clone(), expected.len()));
        let slot = |name: &str, slot: &str| {
            let head = heads.iter().find(|head| head.name == name).unwrap();
            head.slot(slot).unwrap().value.clone()
        };
        let mut total = 0;
        let mut last = BTreeSet::new();
        for (thread, place) in self.places() {
            let counted = work::read_integer(&slot(&own_name(thread), "counted"));
            assert_eq!(
                counted,
                i64::try_from(place.counted).unwrap(),
                "thread {thread}"
            );
            total += counted;
            last.extend(place.last_counted.map(|n| unique(thread, n)));
            for n in &place.objects {
                let made = work::read_integer(&slot(&object_name(thread, *n), "made"));
                assert_eq!(made, i64::try_from(*n).unwrap());
            }
        }
        assert_eq!(work::read_integer(&slot(LEDGER, "count")), total);
        let elements = work::read_array(&slot(LEDGER, "last"));
        assert_eq!(elements.len(), last.len(), "{elements:?}");
        assert_eq!(BTreeSet::from_iter(elements), last);
    }

    fn check_methods(&self, image: &Image, view: &View) {
        for (thread, place) in self.places() {
            let own = view.object_named(&own_name(thread)).unwrap().unwrap();
            let code = own.methods.iter().find(|method| method.selector == "code");
            let source = code.map(|method| method.source.clone());
            assert_eq!(
                source,
                place.method.map(|n| n.to_string()),
                "thread {thread}"
            );
            if let (Some(code), Some(n)) = (code, place.method) {
                assert_eq!(image.blobs().get(code.wasm).unwrap(), work::blob(thread, n));
                let slot = view
                    .head(own.oid)
                    .unwrap()
                    .unwrap()
                    .slot("code")
                    .unwrap()
                    .clone();
                assert_eq!(slot.value, work::integer(i64::try_from(n).unwrap()));
            }
        }
    }

    fn check_rest(&self, view: &View) {
        let tags = view.tags().unwrap().into_iter();
        let tags: BTreeMap<_, _> = tags.map(|tag| (tag.name, tag.pinned)).collect();
        for (thread, place) in self.places() {
            let pinned = tags.get(&own_name(thread)).copied();
            assert_eq!(pinned.is_some(), place.tag.is_some(), "thread {thread}");
            if place.tag != Some(UNKNOWN) {
                assert_eq!(pinned, place.tag, "thread {thread}");
            }
        }
        let missions = view.missions().unwrap().into_iter();
        let missions: BTreeMap<_, _> = missions.map(|m| (m.document, m.state)).collect();
        let begun = self
            .places()
            .filter_map(|(thread, place)| Some((own_name(thread), place.mission?.to_string())));
        assert_eq!(missions, begun.collect());
    }
}
