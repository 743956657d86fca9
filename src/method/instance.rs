//! One instance of a method's WebAssembly: its imports, its limits and the thread that it runs on.
//!
//! Guest memory is reached only through pointers and lengths that the guest names and that are checked
//! against its memory each time; nothing is taken on trust. The instance has a thread and a stack of its
//! own, and asks its caller for sends and logs over a channel, so that the host need not be shareable.

use std::sync::mpsc;
use std::thread;

use wasmtime::{
    AsContextMut, Caller, Config, Engine, Error, ExternType, Linker, Memory, OptLevel,
    ResourceLimiter, Result, Store, Trap, bail, format_err,
};

use super::sandbox::{Host, Limits, Module, TrapKind};
use super::ticker::{TICK, Ticker};
use super::value::Packed;

/// The module name of all imports.
const IMPORTS: &str = "batos";

/// Of the WebAssembly; the thread has room for the host's functions besides.
const WASM_STACK_BYTES: usize = 1 << 20;
const THREAD_STACK_BYTES: usize = 3 << 20;

/// No text that a method hands over (object and selector names, panics, log lines) is longer.
const MAX_TEXT_BYTES: usize = 64 << 10;

/// Requests that may wait for the host: a method that asks faster than the host serves it waits, too.
const MAX_WAITING: usize = 16;

/// One call's input and bounds.
pub(super) struct Work {
    pub input: Vec<u8>,
    pub now_ms: u64,
    pub seed: u64,
    pub limits: Limits,
}

pub(super) enum Ending {
    Finished { output: Vec<u8>, fuel_used: u64 },
    Trapped { kind: TrapKind, message: String },
}

/// What the instance asks of its caller.
enum Request {
    Send {
        object: String,
        selector: String,
        args: Packed,
    },
    Log(String),
}

/// What the store of one instance holds.
pub(super) struct State {
    work: Work,
    output: Option<Vec<u8>>,
    panic: Option<String>,
    reply: Vec<u8>,
    memory_refused: bool,
    requests: mpsc::SyncSender<Request>,
    replies: mpsc::Receiver<Result<Packed, String>>,
}

impl ResourceLimiter for State {
    fn memory_growing(&mut self, _: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        let fits = desired <= self.work.limits.memory_bytes
            && maximum.is_none_or(|maximum| desired <= maximum);
        self.memory_refused |= !fits;
        Ok(fits)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        Ok(desired <= 10_000)
    }

    fn instances(&self) -> usize {
        1
    }

    fn memories(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        4
    }
}

/// Deterministic, metered, interruptible.
pub(super) fn config() -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .cranelift_opt_level(OptLevel::Speed)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .max_wasm_stack(WASM_STACK_BYTES)
        .generate_address_map(false)
        .wasm_backtrace_max_frames(None);
    config
}

/// What every method's WebAssembly has to export.
pub(super) fn check_exports(module: &wasmtime::Module) -> std::result::Result<(), String> {
    if !matches!(module.get_export("memory"), Some(ExternType::Memory(_))) {
        return Err("it exports no memory".into());
    }
    match module.get_export("call") {
        Some(ExternType::Func(ty)) if ty.params().len() == 1 && ty.results().len() == 0 => Ok(()),
        _ => Err("it exports no function `call`".into()),
    }
}

/// Every import that there is.
pub(super) fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    linker.func_wrap(
        IMPORTS,
        "input",
        |mut caller: Caller<'_, State>, to: u32| {
            let input = std::mem::take(&mut caller.data_mut().work.input);
            write_guest(&mut caller, to, &input)
        },
    )?;
    linker.func_wrap(
        IMPORTS,
        "output",
        |mut caller: Caller<'_, State>, from: u32, length: u32| {
            let bytes = read_guest(&mut caller, from, length, usize::MAX)?;
            let output = &mut caller.data_mut().output;
            if output.is_some() {
                bail!("the method handed a result over twice");
            }
            *output = Some(bytes);
            Ok(())
        },
    )?;
    linker.func_wrap(
        IMPORTS,
        "panicked",
        |mut caller: Caller<'_, State>, from: u32, length: u32| {
            let text = read_text(&mut caller, from, length.min(4096))?;
            caller.data_mut().panic = Some(text);
            Ok(())
        },
    )?;
    linker.func_wrap(
        IMPORTS,
        "log",
        |mut caller: Caller<'_, State>, from: u32, length: u32| {
            let text = read_text(&mut caller, from, length)?;
            caller
                .data()
                .requests
                .send(Request::Log(text))
                .map_err(gone)
        },
    )?;
    linker.func_wrap(IMPORTS, "now", |caller: Caller<'_, State>| {
        caller.data().work.now_ms.cast_signed()
    })?;
    linker.func_wrap(IMPORTS, "random", |mut caller: Caller<'_, State>| {
        random(&mut caller.data_mut().work.seed).cast_signed()
    })?;
    linker.func_wrap(IMPORTS, "send", send)?;
    linker.func_wrap(
        IMPORTS,
        "reply",
        |mut caller: Caller<'_, State>, to: u32| {
            let reply = std::mem::take(&mut caller.data_mut().reply);
            write_guest(&mut caller, to, &reply)
        },
    )?;
    Ok(linker)
}

fn send(
    mut caller: Caller<'_, State>,
    object: u32,
    object_length: u32,
    selector: u32,
    selector_length: u32,
    args: u32,
    args_length: u32,
) -> Result<u32> {
    let object = read_text(&mut caller, object, object_length)?;
    let selector = read_text(&mut caller, selector, selector_length)?;
    let args = read_guest(&mut caller, args, args_length, usize::MAX)?;
    let state = caller.data_mut();
    state
        .requests
        .send(Request::Send {
            object,
            selector,
            args,
        })
        .map_err(gone)?;
    let (first, rest) = match state.replies.recv().map_err(gone)? {
        Ok(value) => (0, value),
        Err(error) => (1, error.into_bytes()),
    };
    state.reply = Vec::with_capacity(rest.len() + 1);
    state.reply.push(first);
    state.reply.extend(rest);
    u32::try_from(state.reply.len()).map_err(|_| format_err!("the reply is too long"))
}

fn gone<E>(_: E) -> Error {
    format_err!("the caller is gone")
}

/// `SplitMix64`: the whole state is the seed, every seed is good.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut bits = *seed;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

fn memory(caller: &mut Caller<'_, State>) -> Result<Memory> {
    let memory = caller
        .get_export("memory")
        .and_then(wasmtime::Extern::into_memory);
    memory.ok_or_else(|| format_err!("the method has no memory"))
}

fn read_guest(
    caller: &mut Caller<'_, State>,
    from: u32,
    length: u32,
    most: usize,
) -> Result<Vec<u8>> {
    let (from, length) = (usize::try_from(from)?, usize::try_from(length)?);
    if length > most {
        bail!("the method handed over a text of {length} bytes, more than {most}");
    }
    let memory = memory(caller)?;
    let end = from.checked_add(length);
    let bytes = end.and_then(|end| memory.data(&*caller).get(from..end));
    Ok(bytes
        .ok_or_else(|| format_err!("the method named memory that it does not have"))?
        .to_vec())
}

fn read_text(caller: &mut Caller<'_, State>, from: u32, length: u32) -> Result<String> {
    let bytes = read_guest(caller, from, length, MAX_TEXT_BYTES)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn write_guest(caller: &mut Caller<'_, State>, to: u32, bytes: &[u8]) -> Result<()> {
    let memory = memory(caller)?;
    let written = memory.write(caller.as_context_mut(), usize::try_from(to)?, bytes);
    written.map_err(|_| format_err!("the method named memory that it does not have"))
}

/// Runs the method on a thread of its own, and serves what it asks for on this one.
pub(super) fn run(module: &Module, work: Work, ticker: &Ticker, host: &mut dyn Host) -> Ending {
    let (requests, asked) = mpsc::sync_channel(MAX_WAITING);
    let (answers, replies) = mpsc::channel();
    let state = State {
        work,
        output: None,
        panic: None,
        reply: Vec::new(),
        memory_refused: false,
        requests,
        replies,
    };
    let _running = ticker.run();
    thread::scope(|scope| {
        let builder = thread::Builder::new()
            .name("batos-method".into())
            .stack_size(THREAD_STACK_BYTES);
        let worker = match builder.spawn_scoped(scope, move || execute(module, state)) {
            Ok(worker) => worker,
            Err(error) => {
                let message = format!("cannot start a thread for the method: {error}");
                return Ending::Trapped {
                    kind: TrapKind::Refused,
                    message,
                };
            }
        };
        // Ends when the instance, which holds the other end, is gone.
        for request in asked {
            match request {
                Request::Log(text) => host.log(&text),
                Request::Send {
                    object,
                    selector,
                    args,
                } => {
                    // Only an instance that has just ended does not take its answer.
                    let _ = answers.send(host.send(&object, &selector, args));
                }
            }
        }
        worker.join().unwrap_or_else(|_| Ending::Trapped {
            kind: TrapKind::Other,
            message: "the sandbox itself failed; please report this".into(),
        })
    })
}

fn execute(module: &Module, state: State) -> Ending {
    let limits = state.work.limits;
    let length = u32::try_from(state.work.input.len());
    let mut store = Store::new(module.pre.module().engine(), state);
    store.limiter(|state| state);
    let ticks = limits.deadline.as_nanos().div_ceil(TICK.as_nanos());
    store.set_epoch_deadline(
        u64::try_from(ticks)
            .unwrap_or(u64::MAX >> 1)
            .saturating_add(1),
    );
    let result = length.map_err(Error::from).and_then(|length| {
        store.set_fuel(limits.fuel)?;
        let instance = module.pre.instantiate(&mut store)?;
        instance
            .get_typed_func::<u32, ()>(&mut store, "call")?
            .call(&mut store, length)
    });
    let fuel_left = store.get_fuel().unwrap_or(0);
    let state = store.into_data();
    match (result, state.output) {
        (Ok(()), Some(output)) => Ending::Finished {
            output,
            fuel_used: limits.fuel.saturating_sub(fuel_left),
        },
        (Ok(()), None) => Ending::Trapped {
            kind: TrapKind::Other,
            message: "the method ended without a result".into(),
        },
        (Err(error), _) => {
            let (kind, message) = cause(&error, state.panic, state.memory_refused, &limits);
            Ending::Trapped { kind, message }
        }
    }
}

fn cause(
    error: &Error,
    panic: Option<String>,
    memory_refused: bool,
    limits: &Limits,
) -> (TrapKind, String) {
    let memory = || {
        (
            TrapKind::Memory,
            format!(
                "the method needs more than {} bytes of memory",
                limits.memory_bytes
            ),
        )
    };
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => (
            TrapKind::Fuel,
            format!(
                "the method used up its fuel ({} instructions): an endless loop?",
                limits.fuel
            ),
        ),
        Some(Trap::Interrupt) => (
            TrapKind::Deadline,
            format!(
                "the method ran longer than {} s",
                limits.deadline.as_secs_f64()
            ),
        ),
        Some(Trap::StackOverflow) => (
            TrapKind::Memory,
            "the method used up its stack: a recursion without end?".into(),
        ),
        _ if panic.is_some() => (TrapKind::Panic, panic.unwrap_or_default()),
        _ if memory_refused => memory(),
        Some(Trap::MemoryOutOfBounds) => (
            TrapKind::Memory,
            "the method left its memory: a recursion without end?".into(),
        ),
        Some(trap) => (TrapKind::Other, trap.to_string()),
        None => (TrapKind::Other, format!("{error:#}")),
    }
}
