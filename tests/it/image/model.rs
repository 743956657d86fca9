//! The image against a model that is a few maps: random transactions, savepoints, reopenings.

use std::collections::BTreeMap;
use std::path::Path;

use batos::image::{Author, BlobId, Image, Oid, Read, Transaction};

use super::{method, slot};

#[derive(Clone, Default, PartialEq, Debug)]
struct Model {
    objects: BTreeMap<String, ModelObject>,
    missions: BTreeMap<u64, String>,
    facts: BTreeMap<String, String>,
}

#[derive(Clone, Default, PartialEq, Debug)]
struct ModelObject {
    parent: Option<String>,
    slots: Vec<(String, u8)>,
    methods: BTreeMap<String, String>,
}

/// The state as the image has it.
fn state(read: &impl Read) -> Model {
    let objects = read.objects().unwrap();
    let names: BTreeMap<Oid, String> = objects.iter().map(|o| (o.oid, o.name.clone())).collect();
    let model = |object: batos::image::Object| {
        let slots = object.slots.into_iter().map(|s| (s.name, s.value[0]));
        let methods = object.methods.into_iter().map(|m| (m.selector, m.source));
        let kept = ModelObject {
            parent: object.parent.map(|parent| names[&parent].clone()),
            slots: slots.collect(),
            methods: methods.collect(),
        };
        (object.name, kept)
    };
    let missions = read.missions().unwrap();
    Model {
        missions: missions.into_iter().map(|m| (m.id, m.state)).collect(),
        facts: read.facts("").unwrap().into_iter().collect(),
        objects: objects.into_iter().map(model).collect(),
    }
}

/// xorshift64*: the same numbers on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) % limit
    }

    fn name(&mut self, first: char) -> String {
        format!("{first}{}", self.below(6))
    }
}

/// One random change, in both.
fn change(random: &mut Random, t: &mut Transaction, model: &mut Model, wasm: BlobId) {
    let name = random.name('O');
    let oid = t.oid_named(&name).unwrap();
    assert_eq!(oid.is_some(), model.objects.contains_key(&name));
    let value = u8::try_from(random.below(250)).unwrap();
    match (random.below(8), oid) {
        (0, _) => {
            let id = t.create_mission(1, "IDLE", String::new()).unwrap();
            assert!(model.missions.insert(id, "IDLE".into()).is_none());
        }
        (1, _) => {
            if let Some(id) = model.missions.keys().next_back().copied() {
                let mut mission = t.mission(id).unwrap().unwrap();
                mission.state = format!("S{value}");
                model.missions.insert(id, mission.state.clone());
                t.put_mission(mission).unwrap();
            }
        }
        (2, _) => {
            let key = random.name('f');
            t.set_fact(&key, &value.to_string()).unwrap();
            model.facts.insert(key, value.to_string());
        }
        (3, _) => {
            let key = random.name('f');
            let removed = t.remove_fact(&key).unwrap();
            assert_eq!(removed, model.facts.remove(&key).is_some());
        }
        (_, None) => {
            let parent = random.name('O');
            let parent_oid = t.oid_named(&parent).unwrap();
            t.create_object(&name, parent_oid).unwrap();
            let created = ModelObject {
                parent: parent_oid.map(|_| parent),
                ..ModelObject::default()
            };
            model.objects.insert(name, created);
        }
        (4, Some(oid)) => {
            let name_of_slot = random.name('s');
            let kept = model.objects.get_mut(&name).unwrap();
            t.set_slot(oid, slot(&name_of_slot, value)).unwrap();
            match kept
                .slots
                .iter_mut()
                .find(|(name, _)| *name == name_of_slot)
            {
                Some(own) => own.1 = value,
                None => kept.slots.push((name_of_slot, value)),
            }
        }
        (5, Some(oid)) => {
            let name_of_slot = random.name('s');
            t.remove_slot(oid, &name_of_slot).unwrap();
            let kept = model.objects.get_mut(&name).unwrap();
            kept.slots.retain(|(name, _)| *name != name_of_slot);
        }
        (6, Some(oid)) => {
            let selector = random.name('m');
            let source = value.to_string();
            t.put_method(oid, method(&selector, &source, wasm)).unwrap();
            let kept = model.objects.get_mut(&name).unwrap();
            kept.methods.insert(selector, source);
        }
        (_, Some(oid)) => {
            let selector = random.name('m');
            let removed = t.remove_method(oid, &selector).unwrap();
            let kept = model.objects.get_mut(&name).unwrap();
            assert_eq!(removed, kept.methods.remove(&selector).is_some());
        }
    }
}

fn run(folder: &Path, seed: u64, transactions: u32) {
    let mut random = Random(seed);
    let mut image = Image::open(folder).unwrap();
    let wasm = image.blobs().put(b"wasm").unwrap();
    let mut committed = Model::default();
    let mut tid = 0;
    for _ in 0..transactions {
        let mut model = committed.clone();
        let mut t = image.begin(Author::Kernel);
        let mut savepoints = Vec::new();
        for _ in 0..random.below(12) {
            change(&mut random, &mut t, &mut model, wasm);
            match random.below(6) {
                0 => savepoints.push((t.savepoint(), model.clone())),
                1 => {
                    if let Some((savepoint, then)) = savepoints.pop() {
                        t.roll_back_to(savepoint);
                        model = then;
                        assert_eq!(state(&t), model);
                    }
                }
                _ => {}
            }
        }
        assert_eq!(state(&t), model);
        if random.below(4) == 0 {
            drop(t);
        } else {
            let writes = !t.is_empty();
            assert_eq!(t.commit().unwrap(), tid + u64::from(writes));
            tid += u64::from(writes);
            committed = model;
        }
        if random.below(16) == 0 {
            image.close().unwrap();
            image = Image::open(folder).unwrap();
        }
        let view = image.view();
        assert_eq!((state(&view), view.tid()), (committed.clone(), tid));
    }
}

#[test]
fn random_transactions_match_the_model() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 0x5EED_0001, 200);
}
