//! The checks of a method that was built again. One that held before has to hold now; one that did not hold
//! before (its slots have moved on since the mission) decides nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::error::SchemaError;
use super::rebuild::Owned;
use super::slots::Edit;
use crate::image::{Read, Transaction, View};
use crate::kernel::document::Document;
use crate::kernel::names::NamesOf;
use crate::kernel::shared::Shared;
use crate::method::{
    Check, CheckFailure, Module, Packed, Signature, StructSpec, Type, default_value, run_checks,
    value_converted, value_from_json_with, value_to_json_with,
};

pub struct Proof<'a> {
    pub shared: &'a Shared,
    pub transaction: &'a Transaction,
    pub before: &'a View,
    pub edit: &'a Edit,
    pub owned: Owned<'a>,
    pub signature: &'a Signature,
    /// The slots as they will be.
    pub structure: &'a StructSpec,
}

type Slots = Vec<(String, Packed)>;

impl Proof<'_> {
    /// Runs them with the code as it was and as it will be; gives them as they are kept with it, or in words
    /// the first that holds no more.
    pub fn checks(&self, wasm: &[u8]) -> Result<Result<String, String>, SchemaError> {
        let old = self.owned.method;
        let checks: Vec<Check> = serde_json::from_str(&old.checks_json).unwrap_or_default();
        let mut moved = Vec::new();
        for (index, check) in checks.iter().enumerate() {
            match self.moved(check) {
                Some(check) => moved.push(check),
                None => {
                    return Ok(Err(format!(
                        "check {} names the slot with a value that cannot be converted",
                        index + 1
                    )));
                }
            }
        }
        let kept = json!(moved).to_string();
        if checks.is_empty() {
            return Ok(Ok(kept));
        }
        let sandbox = &self.shared.sandbox;
        let unable = |error: crate::method::SandboxError| SchemaError::Unable(error.to_string());
        let was = sandbox
            .load(&self.shared.image.blobs().get(old.wasm)?)
            .map_err(unable)?;
        let will_be = sandbox.load(wasm).map_err(unable)?;
        let (structure, base) = self.base()?;
        let failed = self.failures(&was, &structure, &base, &checks);
        let base = self.moved_base(&structure, base)?;
        let fail = self.failures(&will_be, self.structure, &base, &moved);
        let new = fail
            .into_iter()
            .find(|failure| failed.iter().all(|known| known.index != failure.index));
        Ok(match new {
            Some(failure) => Err(format!("checks: {}", failure.message)),
            None => Ok(kept),
        })
    }

    fn failures(
        &self,
        module: &Module,
        structure: &StructSpec,
        base: &[(String, Packed)],
        checks: &[Check],
    ) -> Vec<CheckFailure> {
        let mut host = self
            .shared
            .courier
            .scratch(self.owned.name, self.signature.receiver);
        let done = run_checks(
            &self.shared.sandbox,
            module,
            self.signature,
            structure,
            base,
            checks,
            &mut host,
        );
        done.err().unwrap_or_default()
    }

    /// The slots as the method was compiled with them, and where its checks begin: with the values of its mission,
    /// else with those that are there.
    fn base(&self) -> Result<(StructSpec, Slots), SchemaError> {
        let old = self.owned.method;
        let mission = old.mission.map(|id| self.before.mission(id)).transpose()?;
        let document: Option<Document> = mission
            .flatten()
            .and_then(|mission| serde_json::from_str(&mission.document).ok());
        let given = document
            .and_then(|document| document.draft_that_wrote(&old.selector).cloned())
            .and_then(|draft| draft.typed_slots().ok())
            .unwrap_or_default();
        let (mut slots, mut base) = (Vec::new(), Vec::new());
        for (name, rust_type) in &old.slots {
            let ty = Type::parse(rust_type)?;
            let value = given.iter().find(|(slot, of, _)| slot == name && *of == ty);
            let value = value.and_then(|(_, _, value)| {
                value_from_json_with(&ty, value, &NamesOf(self.before)).ok()
            });
            let value = match value {
                Some(value) => value,
                None => match self.before.find_slot(self.owned.owner, name)? {
                    Some((_, slot)) if slot.rust_type == *rust_type => slot.value,
                    _ => default_value(&ty),
                },
            };
            base.push((name.clone(), value));
            slots.push((name.clone(), ty));
        }
        let name = self.structure.name.clone();
        Ok((StructSpec { name, slots }, base))
    }

    /// The same as the slots will be.
    fn moved_base(&self, structure: &StructSpec, base: Slots) -> Result<Slots, SchemaError> {
        let mut moved = Vec::new();
        for (name, value) in base {
            let (Some(from), Some((to_name, to))) = (structure.slot(&name), self.slot_now(&name))
            else {
                continue;
            };
            let value = match value_converted(from, to, &value) {
                Ok(Some(value)) => value,
                _ => match self.transaction.find_slot(self.owned.owner, to_name)? {
                    Some((_, slot)) => slot.value,
                    None => default_value(to),
                },
            };
            moved.push((to_name.to_owned(), value));
        }
        Ok(moved)
    }

    /// What a slot of before is called now, and its type; `None` when the method has it no more.
    fn slot_now(&self, name: &str) -> Option<(&str, &Type)> {
        let now = if name == self.edit.slot {
            self.edit.renamed()
        } else {
            name
        };
        let slots = self.structure.slots.iter();
        let mut found = slots.filter(|(slot, _)| slot == now);
        found.next().map(|(slot, ty)| (slot.as_str(), ty))
    }

    /// The check with the slot as it will be; `None` when a value that it names cannot be converted.
    fn moved(&self, check: &Check) -> Option<Check> {
        Some(Check {
            slots: self.moved_values(&check.slots)?,
            after: self.moved_values(&check.after)?,
            ..check.clone()
        })
    }

    fn moved_values(&self, values: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        let mut moved = BTreeMap::new();
        for (name, value) in values {
            // Without the slot the method cannot be about it.
            let Some((now, to)) = self.slot_now(name) else {
                continue;
            };
            let old = self.owned.method.slots.iter();
            let mut old = old.filter(|(slot, _)| slot == name);
            let value = match old.next() {
                Some((_, rust_type)) if *rust_type != to.to_string() => {
                    let names = NamesOf(self.before);
                    let from = Type::parse(rust_type).ok()?;
                    let packed = value_from_json_with(&from, value, &names).ok()?;
                    let packed = value_converted(&from, to, &packed).ok()??;
                    value_to_json_with(to, &packed, &names).ok()?
                }
                _ => value.clone(),
            };
            moved.insert(now.to_owned(), value);
        }
        Some(moved)
    }
}
