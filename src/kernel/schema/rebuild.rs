//! A method again from its source, against the slots as they are now: guardian, compiler, sandbox, checks.

use std::collections::HashMap;
use std::sync::Arc;

use super::error::SchemaError;
use super::proof::Proof;
use super::slots::{Edit, Kind};
use crate::guardian::{self, Diagnostic};
use crate::image::{Method, Oid, Read, Transaction, View};
use crate::kernel::shared::Shared;
use crate::method::{CompileError, CompileJob, Signature, StructSpec, Type};

/// WebAssembly, or in words why there is none.
type Built = Result<Vec<u8>, String>;

/// Rebuilds methods; what was compiled once is not compiled again when the transaction begins anew.
pub struct Rebuilder<'a> {
    pub shared: &'a Shared,
    compiled: HashMap<(String, String), Arc<Built>>,
}

/// A method with whose it is.
#[derive(Clone, Copy)]
pub struct Owned<'a> {
    pub owner: Oid,
    /// The owner's.
    pub name: &'a str,
    pub method: &'a Method,
}

impl<'a> Rebuilder<'a> {
    pub fn new(shared: &'a Shared) -> Self {
        Self {
            shared,
            compiled: HashMap::new(),
        }
    }

    /// The method as it will be, or in words why there can be none. `transaction` has the slots as they
    /// will be, `before` as they were.
    pub fn rebuild(
        &mut self,
        transaction: &Transaction,
        before: &View,
        edit: &Edit,
        owned: Owned<'_>,
    ) -> Result<Result<Method, String>, SchemaError> {
        let old = owned.method;
        let source = match &edit.kind {
            Kind::Rename { to } => guardian::rename_slot(&old.source, &edit.slot, to),
            _ => Some(old.source.clone()),
        };
        let name = guardian::subject(&old.source);
        let (Some(source), Some(name)) = (source, name) else {
            return Ok(Err("its source cannot be read".to_owned()));
        };
        let signature = match Signature::parse(&old.signature) {
            Ok(signature) => signature,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let mut slots = Vec::new();
        for (slot, rust_type) in &old.slots {
            let now = if *slot == edit.slot {
                edit.renamed()
            } else {
                slot
            };
            let found = transaction.find_slot(owned.owner, now)?;
            let rust_type = match found {
                Some((_, found)) => found.rust_type,
                // What is not there any more is no field.
                None if *slot == edit.slot => continue,
                None => rust_type.clone(),
            };
            slots.push((now.to_owned(), Type::parse(&rust_type)?));
        }
        let structure = StructSpec { name, slots };
        let built = self.compiled(&source, &signature, &structure)?;
        let wasm = match &*built {
            Ok(wasm) => wasm,
            Err(why) => return Ok(Err(why.clone())),
        };
        let proof = Proof {
            shared: self.shared,
            transaction,
            before,
            edit,
            owned,
            signature: &signature,
            structure: &structure,
        };
        let checks_json = match proof.checks(wasm)? {
            Ok(checks_json) => checks_json,
            Err(why) => return Ok(Err(why)),
        };
        Ok(Ok(Method {
            source,
            wasm: self.shared.image.blobs().put(wasm)?,
            slots: structure
                .slots
                .iter()
                .map(|(name, ty)| (name.clone(), ty.to_string()))
                .collect(),
            checks_json,
            ..old.clone()
        }))
    }

    fn compiled(
        &mut self,
        source: &str,
        signature: &Signature,
        structure: &StructSpec,
    ) -> Result<Arc<Built>, SchemaError> {
        let key = (source.to_owned(), structure.to_string());
        if let Some(known) = self.compiled.get(&key) {
            return Ok(Arc::clone(known));
        }
        let built = Arc::new(self.compile(source, signature, structure)?);
        self.compiled.insert(key, Arc::clone(&built));
        Ok(built)
    }

    fn compile(
        &self,
        source: &str,
        signature: &Signature,
        structure: &StructSpec,
    ) -> Result<Built, SchemaError> {
        let verdict = guardian::judge(source, structure, Some(signature));
        if let Some(first) = verdict.diagnostics.first() {
            return Ok(Err(told(first, structure)));
        }
        let job = CompileJob {
            source,
            signature,
            structure,
            asked: &guardian::asked(source, structure, signature),
        };
        let compiled = match self.shared.compiler()?.compile(&job) {
            Ok(compiled) => compiled,
            Err(
                refusal @ (CompileError::Refused(_)
                | CompileError::Limits { .. }
                | CompileError::Crashed { .. }),
            ) => {
                let found = guardian::compile_diagnostics(refusal);
                let first = found.first().map(|first| told(first, structure));
                return Ok(Err(first.unwrap_or_default()));
            }
            Err(error) => return Err(SchemaError::Unable(error.to_string())),
        };
        match self.shared.sandbox.load(&compiled.wasm) {
            Ok(_) => Ok(Ok(compiled.wasm)),
            Err(error) => Ok(Err(error.to_string())),
        }
    }
}

fn told(diagnostic: &Diagnostic, structure: &StructSpec) -> String {
    // The module of the struct is the system's affair.
    let inner = format!("object::{}", structure.name);
    let message = diagnostic.message.replace(&inner, &structure.name);
    let mut text = format!("{}: {message}", diagnostic.stage.name());
    if diagnostic.line > 0 {
        text.push_str(&format!(" (line {})", diagnostic.line));
    }
    text
}
