//! Methods: typed values, signatures, the confined compile to WebAssembly, the sandbox and checks.
//!
//! A method is ordinary Rust against a struct made from its object's slots. Everything that enters or
//! leaves it is a `MessagePack` value of a declared type. This module knows wasmtime and rustc; it does not
//! know the image, the guardian or any model.

mod checks;
mod compile;
mod confine;
mod convert;
mod diagnostics;
mod generate;
mod instance;
mod json;
mod names;
mod notation;
mod pack;
mod panel;
mod sandbox;
mod scan;
mod signature;
mod structure;
mod ticker;
mod toolchain;
mod type_text;
mod types;
mod unpack;
mod value;
mod weight;

pub use checks::{Check, CheckFailure, Probed, run_checks, run_probe};
pub use compile::{CompileError, CompileJob, Compiled, Compiler};
pub use confine::{Access, ConfineError, JobLimits, JobOutput, confinement, run_confined};
pub use convert::value_converted;
pub use diagnostics::{CompileDiagnostic, Suggestion, apply_suggestions};
pub use names::{AnyName, Names, Numbers, numbered, object_number};
pub use sandbox::{Call, Host, Limits, Module, Outcome, Sandbox, SandboxError, TrapKind};
pub use scan::is_identifier;
pub use signature::{Param, Receiver, Signature};
pub use structure::StructSpec;
pub use toolchain::CompilerError;
pub use types::{Type, TypeError};
pub use value::{
    Packed, ValueError, default_value, join_array, split_array, value_from_json,
    value_from_json_with, value_normalized, value_to_json, value_to_json_with, value_to_rust,
    values_equal,
};
