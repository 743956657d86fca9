//! Tests of `method`: values, signatures, the confined compile, the sandbox and checks.

mod check;
mod compile;
mod confine;
mod convert;
mod panel;
mod sandbox;
mod text;
mod values;

use std::sync::OnceLock;
use std::time::Duration;

use batos::guardian::asked;
use batos::method::{
    Call, CompileError, CompileJob, Compiled, Compiler, Host, Limits, Module, Outcome, Packed,
    Sandbox, Signature, StructSpec, default_value, value_from_json,
};
use serde_json::Value as Json;

/// The first compiler of this machine, found once for all tests.
fn compiler() -> &'static Compiler {
    static COMPILER: OnceLock<Compiler> = OnceLock::new();
    COMPILER.get_or_init(|| Compiler::find().unwrap())
}

fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| {
        let limits = Limits {
            fuel: 50_000_000,
            memory_bytes: 16 << 20,
            deadline: Duration::from_secs(30),
        };
        Sandbox::new(limits).unwrap()
    })
}

/// A method that was compiled, with what it was compiled for.
struct Subject {
    signature: Signature,
    structure: StructSpec,
    module: Module,
}

fn try_compile(structure: &str, signature: &str, source: &str) -> Result<Compiled, CompileError> {
    let structure = StructSpec::parse(structure).unwrap();
    let signature = Signature::parse(signature).unwrap();
    compiler().compile(&CompileJob {
        source,
        signature: &signature,
        structure: &structure,
        asked: &asked(source, &structure, &signature),
    })
}

/// Compiles the body of a method.
fn subject(structure: &str, signature: &str, body: &str) -> Subject {
    let name = StructSpec::parse(structure).unwrap().name;
    let source = format!("impl {name} {{\n    pub {signature} {{\n{body}\n    }}\n}}\n");
    subject_of(structure, signature, &source)
}

fn subject_of(structure: &str, signature: &str, source: &str) -> Subject {
    let compiled = match try_compile(structure, signature, source) {
        Ok(compiled) => compiled,
        Err(CompileError::Refused(diagnostics)) => {
            panic!(
                "{}",
                diagnostics
                    .iter()
                    .map(|d| d.rendered.as_str())
                    .collect::<String>()
            )
        }
        Err(error) => panic!("{error:?}"),
    };
    Subject {
        signature: Signature::parse(signature).unwrap(),
        structure: StructSpec::parse(structure).unwrap(),
        module: sandbox().load(&compiled.wasm).unwrap(),
    }
}

impl Subject {
    fn slots(&self, json: &Json) -> Vec<(String, Packed)> {
        let slot = |(name, ty): &(String, batos::method::Type)| {
            let value = json.get(name).map_or_else(
                || default_value(ty),
                |json| value_from_json(ty, json).unwrap(),
            );
            (name.clone(), value)
        };
        self.structure.slots.iter().map(slot).collect()
    }

    fn args(&self, json: &Json) -> Vec<Packed> {
        let args = json.as_array().unwrap();
        let pairs = self.signature.params.iter().zip(args);
        pairs
            .map(|(param, json)| value_from_json(&param.ty, json).unwrap())
            .collect()
    }

    fn call(&self, slots: &Json, args: &Json) -> Outcome {
        self.call_with(sandbox(), slots, args, &mut Nobody)
    }

    fn call_with(
        &self,
        sandbox: &Sandbox,
        slots: &Json,
        args: &Json,
        host: &mut dyn Host,
    ) -> Outcome {
        let (slots, args) = (self.slots(slots), self.args(args));
        let call = Call {
            signature: &self.signature,
            structure: &self.structure,
            slots: &slots,
            args: &args,
            now_ms: 1234,
            seed: 7,
        };
        sandbox.call(&self.module, &call, host)
    }
}

/// A host that knows no object.
struct Nobody;

impl Host for Nobody {
    fn send(&mut self, object: &str, _: &str, _: Packed) -> Result<Packed, String> {
        Err(format!("there is no object {object}"))
    }

    fn log(&mut self, _: &str) {}
}
