//! What the model holds, and the same as read from the image.

use std::collections::{BTreeMap, BTreeSet};

use batos::image::{Oid, Read, Tid, View};

#[derive(Clone, Default, PartialEq, Debug)]
pub struct Model {
    pub objects: BTreeMap<Oid, ModelObject>,
    pub missions: BTreeMap<u64, String>,
    pub facts: BTreeMap<String, String>,
    /// Not part of any past.
    pub tags: BTreeMap<String, Tid>,
}

#[derive(Clone, Default, PartialEq, Debug)]
pub struct ModelObject {
    /// Empty for an object that has none.
    pub name: String,
    pub parent: Option<Oid>,
    pub slots: Vec<(String, u8)>,
    pub methods: BTreeMap<String, String>,
}

impl Model {
    pub fn named(&self, name: &str) -> Option<Oid> {
        let found = self.objects.iter().find(|(_, object)| object.name == name);
        found.map(|(oid, _)| *oid)
    }

    /// `above` is the object, or one of those that it inherits from.
    pub fn inherits(&self, oid: Oid, above: Oid) -> bool {
        let mut line = Some(oid);
        while let Some(oid) = line {
            if oid == above {
                return true;
            }
            line = self.objects[&oid].parent;
        }
        false
    }

    pub fn has_children(&self, oid: Oid) -> bool {
        let parents = self.objects.iter().map(|(of, object)| (of, object.parent));
        let mut parents = parents.filter(|(of, _)| **of != oid);
        parents.any(|(_, parent)| parent == Some(oid))
    }

    /// With each object's slots by name.
    pub fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        for object in sorted.objects.values_mut() {
            object.slots.sort();
        }
        sorted
    }

    /// Whether the state after a transaction can be read when this is the present.
    pub fn is_readable(&self, tid: Tid, horizon: Tid) -> bool {
        tid >= horizon || self.tags.values().any(|pinned| *pinned == tid)
    }

    /// Without objects that no object with a name comes to by its parents; gives how many there were.
    pub fn collect(&mut self) -> usize {
        let mut reached = BTreeSet::new();
        for (oid, object) in &self.objects {
            let mut line = Some(*oid).filter(|_| !object.name.is_empty());
            while let Some(oid) = line {
                reached.insert(oid);
                line = self.objects[&oid].parent;
            }
        }
        let before = self.objects.len();
        self.objects.retain(|oid, _| reached.contains(oid));
        before - self.objects.len()
    }

    pub fn without_tags(&self) -> Self {
        Self {
            tags: BTreeMap::new(),
            ..self.clone()
        }
    }
}

/// The state as the image has it, without tags; its names lead where they should.
pub fn state(read: &impl Read) -> Model {
    let mut model = Model::default();
    for object in read.objects().unwrap() {
        if !object.name.is_empty() {
            let named = read.oid_named(&object.name).unwrap();
            assert_eq!(named, Some(object.oid), "{}", object.name);
        }
        let slots = object.slots.into_iter().map(|s| (s.name, s.value[0]));
        let methods = object.methods.into_iter().map(|m| (m.selector, m.source));
        let kept = ModelObject {
            name: object.name,
            parent: object.parent,
            slots: slots.collect(),
            methods: methods.collect(),
        };
        model.objects.insert(object.oid, kept);
    }
    let missions = read.missions().unwrap();
    model.missions = missions.into_iter().map(|m| (m.id, m.state)).collect();
    model.facts = read.facts("").unwrap().into_iter().collect();
    model
}

/// With its tags.
pub fn present(view: &View) -> Model {
    let tags = view.tags().unwrap().into_iter();
    Model {
        tags: tags.map(|tag| (tag.name, tag.pinned)).collect(),
        ..state(view)
    }
}
