//! Sends: find the method along the prototypes, run it in the sandbox, keep what it changed.
//!
//! All sends of one outermost send share one transaction. A nested send that fails rolls back to its
//! savepoint; an object that is in the middle of a `&mut self` method accepts no further send; a conflict
//! with another transaction is retried from the start, which is sound because a method has no effect
//! outside its transaction.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::fault::{Fault, FaultKind};
use super::genesis::vitals::{VitalsCache, is_vital};
use super::journal::{About, Journal};
use super::names::{NamesOf, object_of, shown};
use crate::image::{
    Author, BlobId, CommitError, Image, ImageError, Method, Object, Oid, Read, Slot, Transaction,
};
use crate::method::{
    Call, Host, Module, Names, Outcome, Packed, Receiver, Sandbox, Signature, StructSpec, TrapKind,
    Type, split_array, value_from_json_with, value_to_json, value_to_json_with,
};
use crate::wire::messages::{LogLevel, SendOutcome};

/// How deep sends may nest.
const MAX_DEPTH: usize = 32;
/// How often a send that lost a race is tried again.
const MAX_RETRIES: u32 = 8;

/// Runs methods of an image.
#[derive(Clone)]
pub struct Courier {
    image: Image,
    sandbox: Arc<Sandbox>,
    journal: Journal,
    modules: Arc<Mutex<HashMap<BlobId, Module>>>,
    vitals: VitalsCache,
}

/// Why a send gave no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendError {
    /// No such object.
    UnknownObject(String),
    /// The object and its prototypes have no such method.
    UnknownSelector {
        object: String,
        selector: String,
        /// One that it has and that is written much alike.
        near: Option<String>,
    },
    /// The arguments do not fit the signature.
    Arguments(String),
    /// The method trapped: panic, fuel, memory, deadline, covenant.
    Trap(String),
    /// The object is busy, or sends nest too deep.
    Refused(String),
    /// The image failed.
    Image(String),
}

impl std::fmt::Display for SendError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownObject(name) => write!(f, "there is no object `{name}`"),
            Self::UnknownSelector {
                object,
                selector,
                near,
            } => {
                write!(f, "`{object}` does not understand `{selector}`")?;
                match near {
                    Some(near) => write!(f, "; did you mean `{near}`?"),
                    None => Ok(()),
                }
            }
            Self::Arguments(text) | Self::Trap(text) | Self::Refused(text) | Self::Image(text) => {
                f.write_str(text)
            }
        }
    }
}

impl From<ImageError> for SendError {
    fn from(error: ImageError) -> Self {
        Self::Image(error.to_string())
    }
}

/// What a method returned.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub value: Value,
    pub is_err: bool,
}

/// An answer with the objects that its sends changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    pub answer: Answer,
    pub changed: Vec<String>,
}

impl Courier {
    pub fn new(image: Image, sandbox: Arc<Sandbox>, journal: Journal) -> Self {
        Self {
            image,
            sandbox,
            journal,
            modules: Arc::default(),
            vitals: VitalsCache::default(),
        }
    }

    /// One outermost send in a transaction of its own, durable on return. Blocking. What can be mended is put into
    /// `fault`, also when the send as a whole went well.
    pub fn send(
        &self,
        author: &Author,
        object: &str,
        selector: &str,
        args: &[Value],
        fault: &mut Option<Fault>,
    ) -> Result<Delivery, SendError> {
        self.send_with(author, object, selector, args, fault, &mut |_, _| Ok(()))
    }

    /// The same, with more written in the same transaction by `also` when the method returned normally.
    pub fn send_with(
        &self,
        author: &Author,
        object: &str,
        selector: &str,
        args: &[Value],
        fault: &mut Option<Fault>,
        also: &mut dyn FnMut(&mut Transaction, &Answer) -> Result<(), ImageError>,
    ) -> Result<Delivery, SendError> {
        let mut tries = 0;
        loop {
            let mut transaction = self.image.begin(*author);
            *fault = None;
            let mut delivery = self.attempt(&mut transaction, object, selector, args, fault)?;
            also(&mut transaction, &delivery.answer)?;
            if transaction.is_empty() {
                return Ok(delivery);
            }
            transaction.audit(&format!("send {object} {selector}"));
            match transaction.commit() {
                Ok(_) => {
                    delivery.changed.sort();
                    delivery.changed.dedup();
                    return Ok(delivery);
                }
                Err(CommitError::Conflict { .. }) if tries < MAX_RETRIES => tries += 1,
                Err(error) => return Err(SendError::Image(error.to_string())),
            }
        }
    }

    /// As one of the wire's outcomes.
    pub fn outcome(result: &Result<Delivery, SendError>) -> SendOutcome {
        match result {
            Ok(delivery) => SendOutcome {
                returns_json: Some(delivery.answer.value.to_string()),
                is_err: delivery.answer.is_err,
                error: None,
                mission: None,
                place: None,
            },
            Err(error) => SendOutcome {
                returns_json: None,
                is_err: false,
                error: Some(error.to_string()),
                mission: None,
                place: None,
            },
        }
    }

    /// A host for trying a method of `object` that is not installed: its sends see the image, what they
    /// change is thrown away with the scratch transaction, and the object is busy where it would be in life.
    pub fn scratch(&self, object: &str, receiver: Receiver) -> Scratch {
        let transaction = self.image.begin(Author::Kernel);
        let busy = object_of(&transaction, object)
            .ok()
            .flatten()
            .filter(|_| receiver == Receiver::Mutable)
            .map(|object| object.oid);
        Scratch {
            courier: self.clone(),
            transaction,
            busy,
        }
    }

    /// One outermost send in a transaction that goes on. One that fails has written nothing.
    pub fn attempt(
        &self,
        transaction: &mut Transaction,
        object: &str,
        selector: &str,
        args: &[Value],
        fault: &mut Option<Fault>,
    ) -> Result<Delivery, SendError> {
        let run = Run::new(self, transaction);
        let result = run.outermost(object, selector, args);
        let state = run.state.into_inner();
        *fault = state.fault;
        let (found, value, is_err) = result?;
        let names = NamesOf(state.transaction.snapshot());
        let value = value_to_json_with(&found.signature.returns, &value, &names)
            .map_err(|error| SendError::Trap(error.to_string()))?;
        Ok(Delivery {
            answer: Answer { value, is_err },
            changed: state.changed,
        })
    }

    fn module(&self, wasm: BlobId) -> Result<Module, SendError> {
        let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = modules.get(&wasm) {
            return Ok(module.clone());
        }
        let bytes = self.image.blobs().get(wasm)?;
        let module = self
            .sandbox
            .load(&bytes)
            .map_err(|error| SendError::Trap(error.to_string()))?;
        if modules.len() >= 256 {
            modules.clear();
        }
        modules.insert(wasm, module.clone());
        Ok(module)
    }
}

/// A scratch transaction that is never committed.
pub struct Scratch {
    courier: Courier,
    transaction: Transaction,
    busy: Option<Oid>,
}

impl Host for Scratch {
    fn send(&mut self, object: &str, selector: &str, args: Packed) -> Result<Packed, String> {
        let run = Run::new(&self.courier, &mut self.transaction);
        run.state.borrow_mut().busy.extend(self.busy);
        run.nested(object, selector, &args)
    }

    fn log(&mut self, _text: &str) {}

    fn names(&self) -> &dyn Names {
        self
    }
}

/// As they are in the image.
impl Names for Scratch {
    fn number(&self, text: &str) -> Option<u64> {
        NamesOf(self.transaction.snapshot()).number(text)
    }

    fn name(&self, oid: u64) -> Option<String> {
        NamesOf(self.transaction.snapshot()).name(oid)
    }
}

/// One outermost send under way.
struct Run<'a> {
    courier: &'a Courier,
    state: RefCell<RunState<'a>>,
}

struct RunState<'a> {
    transaction: &'a mut Transaction,
    /// Objects in the middle of a `&mut self` method.
    busy: Vec<Oid>,
    depth: usize,
    /// Calls so far: each has random numbers of its own.
    calls: u64,
    changed: Vec<String>,
    /// The first that can be mended: what comes after it may come of it.
    fault: Option<Fault>,
}

struct Found {
    oid: Oid,
    object: String,
    /// The object whose own the method is.
    owner: Oid,
    method: Method,
    signature: Signature,
    structure: StructSpec,
    slots: Vec<(String, Packed)>,
}

impl<'a> Run<'a> {
    fn new(courier: &'a Courier, transaction: &'a mut Transaction) -> Self {
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

    fn outermost(
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
            owner: owner.map_or_else(String::new, |head| super::names::name_of(&head)),
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
    fn nested(&self, object: &str, selector: &str, args: &[u8]) -> Result<Packed, String> {
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

fn pack_arguments(
    signature: &Signature,
    args: &[Value],
    names: &dyn Names,
) -> Result<Vec<Packed>, SendError> {
    count_arguments(signature, args.len())?;
    signature
        .params
        .iter()
        .zip(args)
        .map(|(param, value)| {
            value_from_json_with(&param.ty, value, names).map_err(|error| {
                SendError::Arguments(format!(
                    "argument `{}` of `{signature}`: {error}",
                    param.name
                ))
            })
        })
        .collect()
}

fn check_arguments(signature: &Signature, args: &[Packed]) -> Result<(), SendError> {
    count_arguments(signature, args.len())?;
    for (param, packed) in signature.params.iter().zip(args) {
        value_to_json(&param.ty, packed).map_err(|error| {
            SendError::Arguments(format!(
                "argument `{}` of `{signature}`: {error}",
                param.name
            ))
        })?;
    }
    Ok(())
}

fn count_arguments(signature: &Signature, given: usize) -> Result<(), SendError> {
    if given == signature.params.len() {
        return Ok(());
    }
    Err(SendError::Arguments(format!(
        "`{signature}` takes {} arguments, and {given} were given",
        signature.params.len()
    )))
}
