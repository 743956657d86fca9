//! One outermost send and all that nest in it: methods found, called, and what they changed kept or taken back.

use std::cell::RefCell;

use serde_json::{Value, json};

use super::arguments::{check_arguments, pack_arguments};
use super::{Courier, SendError};
use crate::image::{ImageError, Method, Object, Oid, Read, Slot, Transaction};
use crate::kernel::fault::{Fault, FaultKind};
use crate::kernel::genesis::vitals::is_vital;
use crate::kernel::journal::About;
use crate::kernel::names::{NamesOf, name_of, object_of, shown};
use crate::method::{
    Call, Host, Outcome, Packed, Receiver, Signature, StructSpec, TrapKind, Type, split_array,
    value_to_json_with,
};
use crate::wire::messages::LogLevel;

/// How deep sends may nest.
const MAX_DEPTH: usize = 32;

/// One outermost send under way.
pub(super) struct Run<'a> {
    courier: &'a Courier,
    pub(super) state: RefCell<RunState<'a>>,
}

pub(super) struct RunState<'a> {
    pub(super) transaction: &'a mut Transaction,
    /// Objects in the middle of a `&mut self` method.
    pub(super) busy: Vec<Oid>,
    depth: usize,
    /// Calls so far: each has random numbers of its own.
    calls: u64,
    pub(super) changed: Vec<String>,
    /// The first that can be mended: what comes after it may come of it.
    pub(super) fault: Option<Fault>,
}

pub(super) struct Found {
    oid: Oid,
    object: String,
    /// The object whose own the method is.
    owner: Oid,
    method: Method,
    pub(super) signature: Signature,
    structure: StructSpec,
    slots: Vec<(String, Packed)>,
}

impl<'a> Run<'a> {
    pub(super) fn new(courier: &'a Courier, transaction: &'a mut Transaction) -> Self {
        Self {
            courier,
            state: RefCell::new(RunState {
                transaction,
                busy: Vec::new(),
                depth: 0,
                calls: 0,
                changed: Vec::new(),
                fault: None,
            }),
        }
    }

    pub(super) fn outermost(
        &self,
        object: &str,
        selector: &str,
        args: &[Value],
    ) -> Result<(Found, Packed, bool), SendError> {
        let found = self.find(object, selector).inspect_err(|error| {
            if let SendError::UnknownSelector { object, .. } = error {
                self.state.borrow_mut().fault = Some(Fault {
                    kind: FaultKind::UnknownSelector,
                    object: object.clone(),
                    owner: object.clone(),
                    selector: selector.to_owned(),
                    message: error.to_string(),
                    args: args.to_vec(),
                    slots: serde_json::Map::new(),
                    method: None,
                });
            }
        })?;
        let packed = {
            let state = self.state.borrow();
            let names = NamesOf(state.transaction.snapshot());
            pack_arguments(&found.signature, args, &names)
        };
        let packed = packed.inspect_err(|error| {
            let args = args.to_vec();
            self.note(
                &found,
                FaultKind::Arguments,
                error.to_string(),
                Some(args),
                &[],
            );
        })?;
        let (value, is_err) = self.call(&found, &packed)?;
        Ok((found, value, is_err))
    }

    /// Keeps what went wrong, unless something went wrong before.
    fn note(
        &self,
        found: &Found,
        kind: FaultKind,
        message: String,
        args: Option<Vec<Value>>,
        packed: &[Packed],
    ) {
        let mut state = self.state.borrow_mut();
        if state.fault.is_some() {
            return;
        }
        let names = NamesOf(state.transaction.snapshot());
        let told = |ty: &Type, value: &[u8]| value_to_json_with(ty, value, &names).ok();
        let args = args.unwrap_or_else(|| {
            let params = found.signature.params.iter().zip(packed);
            let args: Option<Vec<Value>> = params
                .map(|(param, value)| told(&param.ty, value))
                .collect();
            args.unwrap_or_default()
        });
        let slots = found.structure.slots.iter().zip(&found.slots);
        let slots = slots
            .filter_map(|((name, ty), (_, value))| Some((name.clone(), told(ty, value)?)))
            .collect();
        let owner = state.transaction.head(found.owner).ok().flatten();
        let fault = Fault {
            kind,
            object: found.object.clone(),
            owner: owner.map_or_else(String::new, |head| name_of(&head)),
            selector: found.signature.name.clone(),
            message,
            args,
            slots,
            method: Some(Box::new(found.method.clone())),
        };
        state.fault = Some(fault);
    }

    fn find(&self, object: &str, selector: &str) -> Result<Found, SendError> {
        let state = self.state.borrow();
        let transaction = &*state.transaction;
        let receiver = object_of(transaction, object)?
            .ok_or_else(|| SendError::UnknownObject(object.to_owned()))?;
        let object = shown(&receiver.name, receiver.oid);
        let Some((owner, method)) = transaction.find_method(receiver.oid, selector)? else {
            return Err(SendError::UnknownSelector {
                object,
                selector: selector.to_owned(),
                near: near_selector(transaction, receiver, selector)?,
            });
        };
        let broken = |text: String| SendError::Trap(format!("`{object}.{selector}`: {text}"));
        let signature =
            Signature::parse(&method.signature).map_err(|error| broken(error.to_string()))?;
        let mut fields = Vec::new();
        let mut slots = Vec::new();
        let vitals = if method.slots.iter().any(|(name, _)| is_vital(name)) {
            self.courier.vitals.of(transaction.snapshot())?
        } else {
            None
        };
        for (name, rust_type) in &method.slots {
            let ty = Type::parse(rust_type).map_err(|error| broken(error.to_string()))?;
            let (slot_owner, mut slot) = transaction
                .find_slot(receiver.oid, name)?
                .ok_or_else(|| broken(format!("its slot `{name}` is gone")))?;
            if slot.rust_type != *rust_type {
                return Err(broken(format!(
                    "its slot `{name}` was {rust_type} when it was compiled and is {} now",
                    slot.rust_type
                )));
            }
            if let Some(vitals) = &vitals {
                slot = vitals.fill(slot_owner, slot);
            }
            fields.push((name.clone(), ty));
            slots.push((name.clone(), slot.value));
        }
        Ok(Found {
            oid: receiver.oid,
            object,
            owner,
            structure: StructSpec {
                name: "Receiver".to_owned(),
                slots: fields,
            },
            signature,
            method,
            slots,
        })
    }

    fn call(&self, found: &Found, args: &[Packed]) -> Result<(Packed, bool), SendError> {
        let mutable = found.signature.receiver == Receiver::Mutable;
        let (savepoint, now_ms, seed) = {
            let mut state = self.state.borrow_mut();
            if state.busy.contains(&found.oid) {
                return Err(SendError::Refused(format!(
                    "`{}` is in the middle of a method that changes it and accepts no send of `{}`",
                    found.object, found.signature.name
                )));
            }
            if state.depth >= MAX_DEPTH {
                return Err(SendError::Refused(format!(
                    "sends nest deeper than {MAX_DEPTH}"
                )));
            }
            state.depth += 1;
            if mutable {
                state.busy.push(found.oid);
            }
            let savepoint = state.transaction.savepoint();
            state.calls += 1;
            let seed = state.transaction.seed() ^ state.calls.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (savepoint, state.transaction.now_ms(), seed)
        };
        let outcome = self.courier.module(found.method.wasm).map(|module| {
            let call = Call {
                signature: &found.signature,
                structure: &found.structure,
                slots: &found.slots,
                args,
                now_ms,
                seed,
            };
            let mut host = NestedHost { run: self };
            self.courier.sandbox.call(&module, &call, &mut host)
        });
        let mut state = self.state.borrow_mut();
        state.depth -= 1;
        if mutable {
            state.busy.retain(|oid| *oid != found.oid);
        }
        let failed = !matches!(outcome, Ok(Outcome::Returned { .. }));
        self.courier
            .image
            .count_call(found.owner, &found.signature.name, failed);
        match outcome? {
            Outcome::Returned {
                value,
                is_err: true,
                ..
            } => {
                state.transaction.roll_back_to(savepoint);
                Ok((value, true))
            }
            // Left by `?` on an Option: nothing that was done on the way counts, also in other objects.
            Outcome::Returned {
                value,
                marked: false,
                ..
            } if mutable => {
                state.transaction.roll_back_to(savepoint);
                Ok((value, false))
            }
            Outcome::Returned { value, slots, .. } => {
                store_changed(&mut state, found, slots)?;
                Ok((value, false))
            }
            Outcome::Trapped { kind, message } => {
                state.transaction.roll_back_to(savepoint);
                drop(state);
                if kind != TrapKind::Refused {
                    let told = format!("{}: {message}", kind.name());
                    self.note(found, FaultKind::Trap(kind), told, None, args);
                }
                Err(SendError::Trap(format!(
                    "`{}.{}` ended by {}: {message}",
                    found.object,
                    found.signature.name,
                    kind.name()
                )))
            }
        }
    }

    /// A send from inside a method: arguments as one MessagePack array.
    pub(super) fn nested(
        &self,
        object: &str,
        selector: &str,
        args: &[u8],
    ) -> Result<Packed, String> {
        let found = self
            .find(object, selector)
            .map_err(|error| error.to_string())?;
        let packed = split_array(args).map_err(|error| error.to_string())?;
        check_arguments(&found.signature, &packed).map_err(|error| error.to_string())?;
        self.call(&found, &packed)
            .map(|(value, _)| value)
            .map_err(|error| error.to_string())
    }
}

/// A selector that the object or a prototype has and that differs from `selector` by a typing mistake.
fn near_selector(
    read: &impl Read,
    receiver: Object,
    selector: &str,
) -> Result<Option<String>, ImageError> {
    let mut known: Vec<String> = Vec::new();
    let mut next = Some(receiver);
    while let Some(object) = next {
        known.extend(object.methods.into_iter().map(|method| method.selector));
        next = match object.parent {
            Some(parent) => read.object(parent)?,
            None => None,
        };
    }
    let near = crate::config::nearest(selector, known.iter().map(String::as_str));
    Ok(near.map(str::to_owned))
}

struct NestedHost<'r, 'a> {
    run: &'r Run<'a>,
}

impl Host for NestedHost<'_, '_> {
    fn send(&mut self, object: &str, selector: &str, args: Packed) -> Result<Packed, String> {
        self.run.nested(object, selector, &args)
    }

    fn log(&mut self, text: &str) {
        self.run.courier.journal.record(
            LogLevel::Info,
            About::default(),
            "method.log",
            text,
            json!({}),
        );
    }
}

/// Writes the slots that differ; an inherited slot that is written becomes the receiver's own.
fn store_changed(
    state: &mut RunState<'_>,
    found: &Found,
    slots: Vec<(String, Packed)>,
) -> Result<(), SendError> {
    for (name, value) in slots {
        let before = found.slots.iter().find(|(slot, _)| *slot == name);
        if before.is_some_and(|(_, old)| *old == value) {
            continue;
        }
        let Some((_, ty)) = found.structure.slots.iter().find(|(slot, _)| *slot == name) else {
            continue;
        };
        state.transaction.set_slot(
            found.oid,
            Slot {
                name,
                rust_type: ty.to_string(),
                value,
            },
        )?;
        state.changed.push(found.object.clone());
    }
    Ok(())
}
