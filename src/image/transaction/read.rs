//! Reading in a transaction: its own writes over its snapshot, noting what it depends on.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Transaction;
use crate::image::object::{Head, Method, Mission, MissionId, Object, Oid, Tid};
use crate::image::proposal::Key;
use crate::image::{ImageError, Read};

impl Transaction {
    /// Reads an object without depending on it.
    pub(super) fn peek(&self, oid: Oid) -> Result<Option<Head>, ImageError> {
        match self.writes.objects.get(&oid) {
            Some(draft) => Ok((!draft.removed).then(|| draft.head.clone())),
            None => self.view.head(oid),
        }
    }

    /// That there is such an object, whatever is in it, is a dependency from now on.
    pub(super) fn exists(&self, oid: Oid) -> Result<bool, ImageError> {
        let exists = match self.writes.objects.get(&oid) {
            Some(draft) => !draft.removed,
            None => self.view.shared_head(oid)?.is_some(),
        };
        if !self.writes.objects.contains_key(&oid) {
            self.depend(Key::Exists(oid), exists.then_some(0));
        }
        Ok(exists)
    }

    pub(super) fn depend(&self, key: Key, version: Option<Tid>) {
        self.dependencies.borrow_mut().insert(key, version);
    }

    /// The object's own methods, without depending on it.
    fn peek_methods(&self, oid: Oid) -> Result<Vec<Method>, ImageError> {
        let mut methods = self.view.methods(oid)?;
        if let Some(draft) = self.writes.objects.get(&oid) {
            if draft.removed {
                return Ok(Vec::new());
            }
            methods.retain(|method| !draft.methods.contains_key(&method.selector));
            let own = draft.methods.values().flatten();
            methods.extend(own.map(|method| Method::clone(method)));
            methods.sort_by(|a, b| a.selector.cmp(&b.selector));
        }
        Ok(methods)
    }

    fn depend_on_object(&self, oid: Oid) -> Result<(), ImageError> {
        let known = self.dependencies.borrow().contains_key(&Key::Object(oid));
        if !known && !self.writes.objects.contains_key(&oid) {
            self.head(oid)?;
        }
        Ok(())
    }
}

impl Read for Transaction {
    fn shared_head(&self, oid: Oid) -> Result<Option<Arc<Head>>, ImageError> {
        if self.writes.objects.contains_key(&oid) {
            return Ok(self.peek(oid)?.map(Arc::new));
        }
        let head = self.view.shared_head(oid)?;
        self.depend(Key::Object(oid), head.as_ref().map(|head| head.tid));
        Ok(head)
    }

    fn head(&self, oid: Oid) -> Result<Option<Head>, ImageError> {
        let head = self.peek(oid)?;
        if !self.writes.objects.contains_key(&oid) {
            self.depend(Key::Object(oid), head.as_ref().map(|head| head.tid));
        }
        Ok(head)
    }

    fn oid_named(&self, name: &str) -> Result<Option<Oid>, ImageError> {
        if let Some(oid) = self.writes.names.get(name) {
            return Ok(*oid);
        }
        let found = self.view.oid_named(name)?;
        self.depend(Key::Name(name.to_owned()), found);
        Ok(found)
    }

    fn heads(&self) -> Result<Vec<Head>, ImageError> {
        let mut heads = self.view.heads()?;
        heads.retain(|head| !self.writes.objects.contains_key(&head.oid));
        let own = self.writes.objects.values();
        let own = own.filter(|draft| !draft.removed);
        heads.extend(own.map(|draft| draft.head.clone()));
        heads.sort_by(|a, b| (&a.name, a.oid).cmp(&(&b.name, b.oid)));
        Ok(heads)
    }

    fn method(&self, oid: Oid, selector: &str) -> Result<Option<Method>, ImageError> {
        self.depend_on_object(oid)?;
        let draft = self.writes.objects.get(&oid);
        if draft.is_some_and(|draft| draft.removed) {
            return Ok(None);
        }
        match draft.and_then(|draft| draft.methods.get(selector)) {
            Some(own) => Ok(own.as_deref().cloned()),
            None => self.view.method(oid, selector),
        }
    }

    fn methods(&self, oid: Oid) -> Result<Vec<Method>, ImageError> {
        self.depend_on_object(oid)?;
        self.peek_methods(oid)
    }

    fn objects(&self) -> Result<Vec<Object>, ImageError> {
        self.heads()?
            .into_iter()
            .map(|head| {
                let methods = self.peek_methods(head.oid)?;
                Ok(head.with_methods(methods))
            })
            .collect()
    }

    fn mission(&self, id: MissionId) -> Result<Option<Mission>, ImageError> {
        if let Some(own) = self.writes.missions.get(&id) {
            return Ok(Some(own.clone()));
        }
        let mission = self.view.mission(id)?;
        self.depend(Key::Mission(id), mission.as_ref().map(|found| found.tid));
        Ok(mission)
    }

    fn missions(&self) -> Result<Vec<Mission>, ImageError> {
        let mut missions = self.view.missions()?;
        missions.retain(|mission| !self.writes.missions.contains_key(&mission.id));
        missions.extend(self.writes.missions.values().cloned());
        missions.sort_by_key(|mission| mission.id);
        Ok(missions)
    }

    fn fact(&self, key: &str) -> Result<Option<String>, ImageError> {
        if let Some(own) = self.writes.facts.get(key) {
            return Ok(own.clone());
        }
        let found = self.view.fact(key)?;
        let key = Key::Fact(key.to_owned());
        let version = self.view.version(&key)?;
        self.depend(key, version);
        Ok(found)
    }

    fn facts(&self, prefix: &str) -> Result<Vec<(String, String)>, ImageError> {
        let mut facts: BTreeMap<_, _> = self.view.facts(prefix)?.into_iter().collect();
        for (key, value) in &self.writes.facts {
            match value {
                Some(value) if key.starts_with(prefix) => facts.insert(key.clone(), value.clone()),
                _ => facts.remove(key),
            };
        }
        Ok(facts.into_iter().collect())
    }

    fn tid(&self) -> Tid {
        self.view.tid()
    }
}
