//! Importing objects that a stranger has exported: what the image does not know how to judge.
//!
//! The image has proven the form of an export. Here every value must be one of its slot's type, and every
//! method must pass the guardian and the compiler: the code that came along is never run.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use super::shared::Shared;
use super::upkeep::UpkeepError;
use crate::guardian;
use crate::image::transfer::{ImportOptions, OnConflict, Package, TransferError};
use crate::image::{Author, CommitError, Method, Object, Oid, Read, Slot, Transaction};
use crate::method::{
    CompileError, CompileJob, Compiler, Signature, StructSpec, Type, value_to_json,
};
use crate::persona::is_object_name;
use crate::wire::messages::Failure;
use crate::wire::upkeep::ImportedView;

/// An import that did not come about.
#[derive(Debug, thiserror::Error)]
enum ImportError {
    #[error(transparent)]
    Upkeep(#[from] UpkeepError),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<TransferError> for ImportError {
    fn from(error: TransferError) -> Self {
        Self::Upkeep(error.into())
    }
}

/// Takes the objects of an export, all or none.
pub fn import(
    shared: &Shared,
    file: &Path,
    prefix: &str,
    reuse: bool,
) -> Result<ImportedView, Failure> {
    let options = ImportOptions {
        prefix: prefix.to_owned(),
        on_conflict: if reuse {
            OnConflict::Reuse
        } else {
            OnConflict::Refuse
        },
    };
    take(shared, file, &options).map_err(|error| match error {
        ImportError::Upkeep(error) => error.into_failure(),
        ImportError::Commit(error) => super::requests::commit_failure(&error),
    })
}

fn take(
    shared: &Shared,
    file: &Path,
    options: &ImportOptions,
) -> Result<ImportedView, ImportError> {
    let opened = File::open(file).map_err(|source| UpkeepError::Io {
        action: "open",
        path: file.to_owned(),
        source,
    })?;
    let package = Package::read(opened)?;
    for object in package.objects() {
        check_object(object, &options.prefix)?;
    }
    let mut judge = Judge::new(shared);
    let ((imported, mut names, reused), tid) =
        shared.image.transact(Author::Person, |transaction| {
            let imported = transaction.import(&package, options, &mut |object, method| {
                judge.method(object, method)
            })?;
            let names = names_of(transaction, imported.objects.iter())?;
            let reused = names_of(transaction, imported.reused.iter())?;
            transaction.audit(&format!("imported {}", names.join(", ")));
            Ok::<_, ImportError>((imported, names, reused))
        })?;
    shared.tell_changed(&names);
    let root = shared
        .image
        .view()
        .head(imported.root)
        .map_err(UpkeepError::from)?;
    if let Some(root) = root.map(|head| head.known_as()) {
        names.sort_by_key(|name| *name != root);
    }
    Ok(ImportedView {
        tid,
        objects: names,
        reused,
        methods: imported.methods,
    })
}

fn names_of<'a>(
    transaction: &Transaction,
    pairs: impl Iterator<Item = &'a (Oid, Oid)>,
) -> Result<Vec<String>, ImportError> {
    let mut names = Vec::new();
    for (oid, _) in pairs {
        let head = transaction.head(*oid).map_err(UpkeepError::from)?;
        names.extend(head.map(|head| head.known_as()));
    }
    Ok(names)
}

/// That everything about an object but its methods is as it could have been made here.
fn check_object(object: &Object, prefix: &str) -> Result<(), TransferError> {
    let refused = |why: String| TransferError::Form {
        object: object.known_as(),
        why,
    };
    let name = format!("{prefix}{}", object.name);
    let fits = is_object_name(&object.name) && is_object_name(&name);
    if !object.name.is_empty() && !fits {
        return Err(refused(format!(
            "would be called {name:?}, which is no name for an object"
        )));
    }
    let mut types = Vec::new();
    for slot in &object.slots {
        let ty = slot_type(slot)
            .map_err(|why| refused(format!("has the slot {:?}: {why}", slot.name)))?;
        types.push((slot.name.clone(), ty));
    }
    StructSpec::new("Imported", types)
        .map(|_| ())
        .map_err(|error| refused(format!("has slots that no object can have: {error}")))
}

fn slot_type(slot: &Slot) -> Result<Type, String> {
    let ty = Type::parse(&slot.rust_type).map_err(|error| error.to_string())?;
    if ty.to_string() != slot.rust_type {
        return Err(format!("its type is written {ty} here"));
    }
    value_to_json(&ty, &slot.value).map_err(|error| format!("its value is no {ty}: {error}"))?;
    Ok(ty)
}

/// Judges methods; one that was accepted is not compiled again when the transaction begins anew.
struct Judge<'a> {
    shared: &'a Shared,
    accepted: HashMap<(Oid, String), Method>,
}

impl<'a> Judge<'a> {
    fn new(shared: &'a Shared) -> Self {
        Self {
            shared,
            accepted: HashMap::new(),
        }
    }

    fn method(&mut self, object: &Object, method: &Method) -> Result<Method, String> {
        let key = (object.oid, method.selector.clone());
        if let Some(known) = self.accepted.get(&key) {
            return Ok(known.clone());
        }
        let accepted = self.judge(object, method)?;
        self.accepted.insert(key, accepted.clone());
        Ok(accepted)
    }

    fn judge(&self, object: &Object, method: &Method) -> Result<Method, String> {
        let compiler = self.shared.compiler();
        let compiler = compiler.map_err(|error| {
            format!("it cannot be compiled here: {error}; `batos doctor` says what is missing")
        })?;
        let signature = Signature::parse(&method.signature).map_err(|error| error.to_string())?;
        if signature.name != method.selector || signature.to_string() != method.signature {
            return Err(format!("its signature is that of {signature}"));
        }
        let structure = structure(object, method)?;
        let verdict = guardian::judge(&method.source, &structure, Some(&signature));
        if let Some(first) = verdict.diagnostics.first() {
            return Err(format!("{}: {}", first.stage.name(), first.message));
        }
        let wasm = compiled(&compiler, &method.source, &signature, &structure)?;
        self.shared
            .sandbox
            .load(&wasm)
            .map_err(|error| error.to_string())?;
        let blobs = self.shared.image.blobs();
        let wasm = blobs.put(&wasm).map_err(|error| error.to_string())?;
        let checks: Result<Vec<serde_json::Value>, _> = serde_json::from_str(&method.checks_json);
        checks.map_err(|error| format!("its checks cannot be read: {error}"))?;
        Ok(Method {
            wasm,
            // That of another image.
            mission: None,
            calls: 0,
            failures: 0,
            ..method.clone()
        })
    }
}

/// The struct that the method was written against. Its name is that in the source: the object may have been
/// imported under another one, or have none.
fn structure(object: &Object, method: &Method) -> Result<StructSpec, String> {
    let mut slots = Vec::new();
    for (name, rust_type) in &method.slots {
        let ty = Type::parse(rust_type).map_err(|error| format!("slot {name}: {error}"))?;
        slots.push((name.clone(), ty));
    }
    let name = guardian::subject(&method.source).unwrap_or_else(|| object.name.clone());
    StructSpec::new(&name, slots).map_err(|error| error.to_string())
}

fn compiled(
    compiler: &Compiler,
    source: &str,
    signature: &Signature,
    structure: &StructSpec,
) -> Result<Vec<u8>, String> {
    let job = CompileJob {
        source,
        signature,
        structure,
        asked: &guardian::asked(source, structure, signature),
    };
    match compiler.compile(&job) {
        Ok(compiled) => Ok(compiled.wasm),
        Err(CompileError::Refused(diagnostics)) => Err(diagnostics
            .first()
            .map_or_else(String::new, |first| first.message.clone())),
        Err(error) => Err(error.to_string()),
    }
}
