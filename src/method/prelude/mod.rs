//! What every method's WebAssembly carries besides the method: the value codec and the host's functions.
//!
//! This folder is the source of a crate of its own, `batos_prelude`, compiled for
//! `wasm32-unknown-unknown` by any rustc from 1.63 on (edition 2021, std only). The kernel's own twin of the
//! codec is `method::pack`; both write the same canonical bytes.

mod host;
mod pack;
mod panel;
mod reference;
mod unpack;

pub use host::{asked, has_left, log, now, random, random_u64, run, send, Arguments};
pub use pack::Pack;
pub use panel::Panel;
pub use reference::ObjectRef;
pub use unpack::{Reader, Unpack};

/// In scope in every method without a `use`; an explicit `use` of the same name wins over these.
pub mod scope {
    pub use super::host::{log, now, random, random_u64, send};
    pub use super::panel::Panel;
    pub use super::reference::{Counter, ObjectRef, SharedList, SharedSet};
    pub use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
}
