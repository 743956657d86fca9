//! Running a method: wasmtime with fuel, a memory limit and a deadline, no WASI, and only the host's own
//! functions; then the judgement of what came back.
//!
//! Whatever the WebAssembly does, the answer is an [`Outcome`]: a result with the slots after it, or a trap
//! with its cause. Slots come back only when they are to be kept.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::instance::{self, Ending};
use super::names::{Names, Numbers};
use super::pack;
use super::signature::{Receiver, Signature};
use super::structure::StructSpec;
use super::ticker::Ticker;
use super::types::Type;
use super::unpack::Reader;
use super::value::{Packed, Value, ValueError, default_value, value_normalized};
use super::weight::code_bytes;

/// How many compiled methods are kept ready.
const KEPT_MODULES: usize = 64;

/// Compiling takes about two seconds for each MiB of code, and nothing can stop it. Methods have some tens of KiB.
const MAX_CODE_BYTES: usize = 512 << 10;

/// What one call may use up, each nested send on its own account.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// wasmtime's units: about one an instruction.
    pub fuel: u64,
    /// Linear memory.
    pub memory_bytes: usize,
    /// Wall-clock time, to about 10 ms.
    pub deadline: Duration,
}

impl Default for Limits {
    /// Some seconds of computing, 64 MiB.
    fn default() -> Self {
        Self {
            fuel: 2_000_000_000,
            memory_bytes: 64 << 20,
            deadline: Duration::from_secs(5),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("cannot set the sandbox up: {why}")]
    Engine { why: String },
    #[error("cannot load the compiled method: {why}")]
    Module { why: String },
    #[error(
        "the compiled method is too large: {bytes} bytes of code, where at most {MAX_CODE_BYTES} may be; write less of it, or for fewer types"
    )]
    TooLarge { bytes: usize },
}

/// A method that is ready to run. Cheap to clone.
#[derive(Clone)]
pub struct Module {
    pub(super) pre: wasmtime::InstancePre<instance::State>,
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Module")
    }
}

/// One call of a method.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    pub signature: &'a Signature,
    /// The slots that the method was compiled with.
    pub structure: &'a StructSpec,
    /// By name, in any order; one that is missing has its type's default.
    pub slots: &'a [(String, Packed)],
    pub args: &'a [Packed],
    /// The transaction's time, milliseconds since 1970.
    pub now_ms: u64,
    /// The transaction's seed.
    pub seed: u64,
}

/// What a method may ask of the world.
pub trait Host {
    /// A send from within a method; `args` is one packed array.
    fn send(&mut self, object: &str, selector: &str, args: Packed) -> Result<Packed, String>;
    /// A line for the log.
    fn log(&mut self, text: &str);
    /// Who knows the objects that a check names.
    fn names(&self) -> &dyn Names {
        &Numbers
    }
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Returned {
        value: Packed,
        /// The method returned `Err`: its changes are discarded.
        is_err: bool,
        /// All slots after a `&mut self` method, in the struct's order; as before it when the changes are
        /// discarded. Empty after a `&self` method.
        slots: Vec<(String, Packed)>,
        marked: bool,
        /// Whether a slot is another than before.
        changed: bool,
        fuel_used: u64,
    },
    Trapped {
        kind: TrapKind,
        message: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrapKind {
    Panic,
    Fuel,
    /// The memory limit, or the stack.
    Memory,
    Deadline,
    /// A slot changed and the method did not mark it.
    UnmarkedChange,
    /// An argument, a slot or the result is not of its declared type.
    WrongType,
    /// The system refused to run it.
    Refused,
    Other,
}

impl TrapKind {
    /// For logs and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Panic => "panic",
            Self::Fuel => "fuel",
            Self::Memory => "memory",
            Self::Deadline => "deadline",
            Self::UnmarkedChange => "unmarked change",
            Self::WrongType => "wrong type",
            Self::Refused => "refused",
            Self::Other => "trap",
        }
    }
}

/// Runs methods within limits. Share it: what it compiles is kept.
pub struct Sandbox {
    limits: Limits,
    engine: wasmtime::Engine,
    linker: wasmtime::Linker<instance::State>,
    /// Most recently used last.
    modules: Mutex<Vec<(blake3::Hash, Module)>>,
    ticker: Arc<Ticker>,
}

impl Sandbox {
    pub fn new(limits: Limits) -> Result<Self, SandboxError> {
        let failed = |error: wasmtime::Error| SandboxError::Engine {
            why: format!("{error:#}"),
        };
        let engine = wasmtime::Engine::new(&instance::config()).map_err(failed)?;
        let linker = instance::linker(&engine).map_err(failed)?;
        let ticker = Ticker::start(engine.clone()).map_err(|error| SandboxError::Engine {
            why: error.to_string(),
        })?;
        Ok(Self {
            limits,
            engine,
            linker,
            modules: Mutex::default(),
            ticker,
        })
    }

    /// Checks and compiles a method's WebAssembly; one that asks for anything but the host's functions is refused.
    pub fn load(&self, wasm: &[u8]) -> Result<Module, SandboxError> {
        let hash = blake3::hash(wasm);
        let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = modules.iter().position(|(known, _)| *known == hash) {
            let entry = modules.remove(index);
            let module = entry.1.clone();
            modules.push(entry);
            return Ok(module);
        }
        drop(modules);
        refuse_heavy(wasm)?;
        let failed = |error: wasmtime::Error| SandboxError::Module {
            why: format!("{error:#}"),
        };
        let compiled = wasmtime::Module::from_binary(&self.engine, wasm).map_err(failed)?;
        instance::check_exports(&compiled).map_err(|why| SandboxError::Module { why })?;
        let module = Module {
            pre: self.linker.instantiate_pre(&compiled).map_err(failed)?,
        };
        let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
        if modules.len() >= KEPT_MODULES {
            modules.remove(0);
        }
        modules.push((hash, module.clone()));
        Ok(module)
    }

    /// Runs the method to its end; blocks. A send from within it blocks in `host`.
    pub fn call(&self, module: &Module, call: &Call<'_>, host: &mut dyn Host) -> Outcome {
        let (before, input) = match input(call) {
            Ok(prepared) => prepared,
            Err(message) => {
                return Outcome::Trapped {
                    kind: TrapKind::WrongType,
                    message,
                };
            }
        };
        let work = instance::Work {
            input,
            now_ms: call.now_ms,
            seed: call.seed,
            limits: self.limits,
        };
        match instance::run(module, work, &self.ticker, host) {
            Ending::Trapped { kind, message } => Outcome::Trapped { kind, message },
            Ending::Finished { output, fuel_used } => judge(call, before, &output, fuel_used),
        }
    }
}

fn refuse_heavy(wasm: &[u8]) -> Result<(), SandboxError> {
    let bytes = code_bytes(wasm).ok_or_else(|| SandboxError::Module {
        why: "it is no WebAssembly".to_owned(),
    })?;
    if bytes > MAX_CODE_BYTES {
        return Err(SandboxError::TooLarge { bytes });
    }
    Ok(())
}

/// Slots by name, in the struct's order.
type Slots = Vec<(String, Packed)>;

/// The slots in canonical form, and the bytes that the method reads: slots, then arguments.
fn input(call: &Call<'_>) -> Result<(Slots, Vec<u8>), String> {
    let (expected, got) = (call.signature.params.len(), call.args.len());
    if expected != got {
        return Err(format!(
            "{} takes {expected} argument(s), got {got}",
            call.signature.name
        ));
    }
    let mut before = Vec::with_capacity(call.structure.slots.len());
    for (name, ty) in &call.structure.slots {
        let given = call.slots.iter().find(|(slot, _)| slot == name);
        let value = given.map_or_else(
            || Ok(default_value(ty)),
            |(_, packed)| value_normalized(ty, packed),
        );
        before.push((
            name.clone(),
            value.map_err(|error| format!("slot {name}: {error}"))?,
        ));
    }
    let mut bytes: Vec<u8> = before
        .iter()
        .flat_map(|(_, packed)| packed)
        .copied()
        .collect();
    for (param, packed) in call.signature.params.iter().zip(call.args) {
        let value = value_normalized(&param.ty, packed);
        bytes.extend(value.map_err(|error| format!("argument {}: {error}", param.name))?);
    }
    Ok((before, bytes))
}

/// What the method handed over.
struct Output {
    value: Value,
    marked: bool,
    slots: Slots,
}

fn judge(call: &Call<'_>, before: Vec<(String, Packed)>, output: &[u8], fuel_used: u64) -> Outcome {
    let trapped = |kind, message| Outcome::Trapped { kind, message };
    let output = match output.split_first() {
        Some((0, output)) => read_output(call, output),
        Some((_, problem)) => {
            return trapped(
                TrapKind::WrongType,
                String::from_utf8_lossy(problem).into_owned(),
            );
        }
        None => return trapped(TrapKind::Other, "the method handed nothing over".into()),
    };
    let Output {
        value,
        marked,
        slots: after,
    } = match output {
        Ok(output) => output,
        Err(error) => {
            return trapped(
                TrapKind::WrongType,
                format!("what the method handed over: {error}"),
            );
        }
    };
    let is_err = matches!(value, Value::Err(_));
    // `?` on an `Option` leaves with `None` and counts as no mark: that discards the change as `Err` does.
    let is_none = call.signature.may_return_none() && value == Value::Nothing;
    let differs = call.signature.receiver == Receiver::Mutable && after != before;
    let discarded = is_err || (is_none && !marked);
    if differs && !marked && !discarded {
        return trapped(TrapKind::UnmarkedChange, unmarked(&before, &after));
    }
    let slots = match call.signature.receiver {
        Receiver::Shared => Vec::new(),
        Receiver::Mutable if discarded => before,
        Receiver::Mutable => after,
    };
    Outcome::Returned {
        value: pack::write(&value),
        is_err,
        slots,
        marked,
        changed: differs && !discarded,
        fuel_used,
    }
}

fn unmarked(before: &[(String, Packed)], after: &[(String, Packed)]) -> String {
    let changed = before
        .iter()
        .zip(after)
        .filter(|(before, after)| before != after);
    let names: Vec<&str> = changed.map(|((name, _), _)| name.as_str()).collect();
    format!(
        "the method changed {} without `self.mark_changed()`",
        names.join(", ")
    )
}

fn read_output(call: &Call<'_>, bytes: &[u8]) -> Result<Output, ValueError> {
    let mut reader = Reader::new(bytes);
    let value = reader
        .value(&call.signature.returns)
        .map_err(|error| error.inside("result"))?;
    let marked = reader
        .value(&Type::Bool)
        .map_err(|error| error.inside("mark"))?
        == Value::Bool(true);
    let mut slots = Vec::new();
    if call.signature.receiver == Receiver::Mutable {
        for (name, ty) in &call.structure.slots {
            let value = reader.value(ty).map_err(|error| error.inside(name))?;
            slots.push((name.clone(), pack::write(&value)));
        }
    }
    reader.expect_end()?;
    Ok(Output {
        value,
        marked,
        slots,
    })
}
