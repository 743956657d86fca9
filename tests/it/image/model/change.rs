//! One random change, made in a transaction and in the model.

use batos::image::{BlobId, ImageError, Oid, Read, Tid, Transaction};

use super::state::{Model, ModelObject};
use crate::image::{method, slot};

/// xorshift64*: the same numbers for the same seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        // Zero would stay zero.
        Self(seed ^ 0x9E37_79B9_7F4A_7C15 | 1)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16) % limit
    }

    fn name(&mut self, first: char) -> String {
        format!("{first}{}", self.below(6))
    }

    /// A whole value of a slot by itself.
    fn value(&mut self) -> u8 {
        u8::try_from(self.below(128)).unwrap()
    }

    pub fn object(&mut self, model: &Model) -> Option<Oid> {
        let count = model.objects.len() as u64;
        let place = usize::try_from(self.below(count.max(1))).unwrap();
        model.objects.keys().nth(place).copied()
    }
}

/// `past` is the state before this transaction, its transaction, and the one that history begins with.
pub fn change(
    random: &mut Random,
    t: &mut Transaction,
    model: &mut Model,
    wasm: BlobId,
    past: (&Model, Tid, Tid),
) {
    match random.below(16) {
        0 => {
            let id = t.create_mission(1, "IDLE", String::new()).unwrap();
            assert!(model.missions.insert(id, "IDLE".into()).is_none());
        }
        1 => {
            if let Some(id) = model.missions.keys().next_back().copied() {
                let mut mission = t.mission(id).unwrap().unwrap();
                mission.state = format!("S{}", random.value());
                model.missions.insert(id, mission.state.clone());
                t.put_mission(mission).unwrap();
            }
        }
        2 | 3 => {
            let (key, value) = (random.name('f'), random.value().to_string());
            t.set_fact(&key, &value).unwrap();
            model.facts.insert(key, value);
        }
        4 => {
            let key = random.name('f');
            let removed = t.remove_fact(&key).unwrap();
            assert_eq!(removed, model.facts.remove(&key).is_some());
        }
        5 => {
            let (before, newest, horizon) = past;
            let (name, pinned) = (random.name('t'), random.below(newest + 1));
            let set = t.set_tag(&name, pinned);
            if before.is_readable(pinned, horizon) {
                set.unwrap();
                model.tags.insert(name, pinned);
            } else {
                assert!(matches!(set, Err(ImageError::PackedAway { .. })));
            }
        }
        6 => {
            let name = random.name('t');
            let removed = t.remove_tag(&name).unwrap();
            assert_eq!(removed, model.tags.remove(&name).is_some());
        }
        7 | 8 => create(random, t, model),
        kind => {
            if let Some(oid) = random.object(model) {
                change_object(kind, oid, random, t, model, wasm);
            }
        }
    }
}

fn create(random: &mut Random, t: &mut Transaction, model: &mut Model) {
    let name = match random.below(5) {
        0 => String::new(),
        _ => random.name('O'),
    };
    let parent = random.object(model).filter(|_| random.below(2) == 0);
    let created = t.create_object(&name, parent);
    if !name.is_empty() && model.named(&name).is_some() {
        assert!(matches!(created, Err(ImageError::NameTaken { .. })));
        return;
    }
    let object = ModelObject {
        name,
        parent,
        ..ModelObject::default()
    };
    let before = model.objects.insert(created.unwrap(), object);
    assert_eq!(before, None, "a number was given twice");
}

fn change_object(
    kind: u64,
    oid: Oid,
    random: &mut Random,
    t: &mut Transaction,
    model: &mut Model,
    wasm: BlobId,
) {
    match kind {
        9 => remove(oid, t, model),
        10 => rename(oid, random, t, model),
        11 => {
            let parent = random.object(model).filter(|_| random.below(3) > 0);
            let set = t.set_parent(oid, parent);
            if parent.is_some_and(|parent| model.inherits(parent, oid)) {
                assert!(matches!(set, Err(ImageError::ParentCycle { .. })));
            } else {
                set.unwrap();
                model.objects.get_mut(&oid).unwrap().parent = parent;
            }
        }
        12 => {
            let (name, value) = (random.name('s'), random.value());
            t.set_slot(oid, slot(&name, value)).unwrap();
            let slots = &mut model.objects.get_mut(&oid).unwrap().slots;
            match slots.iter_mut().find(|(own, _)| *own == name) {
                Some(own) => own.1 = value,
                None => slots.push((name, value)),
            }
        }
        13 => {
            let name = random.name('s');
            let removed = t.remove_slot(oid, &name).unwrap();
            let slots = &mut model.objects.get_mut(&oid).unwrap().slots;
            let before = slots.len();
            slots.retain(|(own, _)| *own != name);
            assert_eq!(removed, slots.len() < before);
        }
        14 => {
            let (selector, source) = (random.name('m'), random.value().to_string());
            t.put_method(oid, method(&selector, &source, wasm)).unwrap();
            let object = model.objects.get_mut(&oid).unwrap();
            object.methods.insert(selector, source);
        }
        _ => {
            let selector = random.name('m');
            let removed = t.remove_method(oid, &selector).unwrap();
            let object = model.objects.get_mut(&oid).unwrap();
            assert_eq!(removed, object.methods.remove(&selector).is_some());
        }
    }
}

fn remove(oid: Oid, t: &mut Transaction, model: &mut Model) {
    let removed = t.remove_object(oid);
    if model.has_children(oid) {
        assert!(matches!(removed, Err(ImageError::Referred { .. })));
    } else {
        removed.unwrap();
        model.objects.remove(&oid);
    }
}

fn rename(oid: Oid, random: &mut Random, t: &mut Transaction, model: &mut Model) {
    let name = match random.below(4) {
        0 => String::new(),
        _ => random.name('O'),
    };
    let renamed = t.set_name(oid, &name);
    let taken = model.named(&name).filter(|_| !name.is_empty());
    if taken.is_some_and(|taken| taken != oid) {
        assert!(matches!(renamed, Err(ImageError::NameTaken { .. })));
    } else {
        renamed.unwrap();
        model.objects.get_mut(&oid).unwrap().name = name;
    }
}
