//! Checks that fail later: a method that sends may be undone by a change of what it sends to.
//!
//! After a method was installed, those that name its selector in a send are proven anew by their own checks. One
//! that does not hold any more is a fault. A kill between the two loses the proof, nothing else: the method fails
//! in life then, if it does.

use serde_json::Map;

use super::super::fault::{Fault, FaultKind};
use super::super::names::name_of;
use super::super::psm::{Run, StepError, Worker};
use crate::image::{Method, Oid, Read, View};
use crate::method::{Check, Packed, Signature, StructSpec, Type, default_value, run_checks};

/// Methods that are proven anew after one was installed.
const MOST_METHODS: usize = 32;

impl Worker {
    /// Proves anew what may send `selector`.
    pub(in super::super) fn recheck(&self, run: &Run, selector: &str) {
        if !self.shared.settings.missions.repair {
            return;
        }
        if let Err(error) = self.recheck_all(run, selector) {
            let text = format!("methods that send `{selector}` could not be proven anew: {error}");
            self.remark(run, "recheck.impossible", &text);
        }
    }

    fn recheck_all(&self, run: &Run, selector: &str) -> Result<(), StepError> {
        let view = self.shared.image.view();
        let named = format!("\"{selector}\"");
        let mut left = MOST_METHODS;
        for head in view.heads()? {
            for method in view.methods(head.oid)? {
                let checked = method.mission != Some(run.id) && method.checks_json != "[]";
                if left == 0 || !checked || !method.source.contains(&named) {
                    continue;
                }
                left -= 1;
                let owner = name_of(&head);
                if let Some(message) = self.broken(&view, head.oid, &owner, &method) {
                    let fault = Fault {
                        kind: FaultKind::Checks,
                        object: owner.clone(),
                        owner,
                        selector: method.selector.clone(),
                        message,
                        args: Vec::new(),
                        slots: Map::new(),
                        method: Some(Box::new(method)),
                    };
                    self.shared.mend(&fault, None);
                }
            }
        }
        Ok(())
    }

    /// The first check that does not hold; `None` also where none can be run.
    fn broken(&self, view: &View, oid: Oid, owner: &str, method: &Method) -> Option<String> {
        let checks: Vec<Check> = serde_json::from_str(&method.checks_json).ok()?;
        let signature = Signature::parse(&method.signature).ok()?;
        let mut slots = Vec::new();
        let mut base: Vec<(String, Packed)> = Vec::new();
        for (name, rust_type) in &method.slots {
            let ty = Type::parse(rust_type).ok()?;
            let value = view.find_slot(oid, name).ok()?.map(|(_, slot)| slot.value);
            base.push((name.clone(), value.unwrap_or_else(|| default_value(&ty))));
            slots.push((name.clone(), ty));
        }
        let structure = StructSpec {
            name: owner.to_owned(),
            slots,
        };
        let wasm = self.shared.image.blobs().get(method.wasm).ok()?;
        let sandbox = &self.shared.sandbox;
        let module = sandbox.load(&wasm).ok()?;
        let mut host = self.shared.courier.scratch(owner, signature.receiver);
        let proof = run_checks(
            sandbox, &module, &signature, &structure, &base, &checks, &mut host,
        );
        Some(proof.err()?.first()?.message.clone())
    }
}
