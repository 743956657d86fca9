//! Sends: find the method along the prototypes, run it in the sandbox, keep what it changed.
//!
//! All sends of one outermost send share one transaction. A nested send that fails rolls back to its
//! savepoint; an object that is in the middle of a `&mut self` method accepts no further send; a conflict
//! with another transaction is retried from the start, which is sound because a method has no effect
//! outside its transaction.

mod arguments;
mod run;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::fault::Fault;
use super::genesis::vitals::VitalsCache;
use super::journal::Journal;
use super::names::{NamesOf, object_of};
use crate::image::{Author, BlobId, CommitError, Image, ImageError, Oid, Transaction};
use crate::method::{Host, Module, Names, Packed, Receiver, Sandbox, value_to_json_with};
use crate::wire::messages::SendOutcome;
use run::Run;

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
