//! The crate around a method: the struct from the slots, the method in a module of its own, the export.
//!
//! The author's text stands in its own file behind one short prefix on its first line, so that no brace in
//! it can close anything around it, lines are the author's lines, and only that module forbids `unsafe`.

use std::fmt::Write;
use std::ops::Range;

use super::signature::{Receiver, Signature};
use super::structure::StructSpec;

/// Stands before the source on the first line of the method's file.
pub(super) const PREFIX: &str = "#[allow(unused_imports)] use crate::scope::*; ";

/// The prelude's files, by name within its crate; the first is its root.
pub(super) const PRELUDE: [(&str, &str); 6] = [
    ("mod.rs", include_str!("prelude/mod.rs")),
    ("pack.rs", include_str!("prelude/pack.rs")),
    ("panel.rs", include_str!("prelude/panel.rs")),
    ("unpack.rs", include_str!("prelude/unpack.rs")),
    ("host.rs", include_str!("prelude/host.rs")),
    ("reference.rs", include_str!("prelude/reference.rs")),
];

/// The file `method.rs`.
pub(super) fn method_file(source: &str) -> String {
    format!("{PREFIX}{source}\n")
}

/// The source with each of these operands of a `?` looked at before the `?` is; an empty one is remembered.
pub(super) fn asking(source: &str, operands: &[Range<usize>]) -> String {
    const BEFORE: &str = "::batos_prelude::asked(";
    let mut places: Vec<(usize, &str)> = operands
        .iter()
        .flat_map(|operand| [(operand.start, BEFORE), (operand.end, ")")])
        .collect();
    places.sort_by_key(|(place, _)| *place);
    let mut text = String::with_capacity(source.len() + places.len() * BEFORE.len());
    let mut done = 0;
    for (place, insertion) in places {
        text.push_str(source.get(done..place).unwrap_or_default());
        text.push_str(insertion);
        done = place;
    }
    text.push_str(source.get(done..).unwrap_or_default());
    text
}

/// The crate's root, `lib.rs`. The names in `structure` and `signature` have been checked to be identifiers.
pub(super) fn root_file(structure: &StructSpec, signature: &Signature) -> String {
    let name = &structure.name;
    let mut fields = String::new();
    let mut reads = String::new();
    let mut writes = String::new();
    for (slot, ty) in &structure.slots {
        // Writing to a `String` cannot fail.
        let ty = ty.in_methods();
        let _ = writeln!(fields, "        pub {slot}: {ty},");
        let _ = writeln!(
            reads,
            "            {slot}: batos_from.value(\"slot {slot}\")?,"
        );
        let _ = writeln!(
            writes,
            "        batos_prelude::Pack::pack(&batos_object.{slot}, batos_out);"
        );
    }
    if signature.receiver == Receiver::Shared {
        writes.clear();
    }
    let mut arguments = String::new();
    let mut names = Vec::new();
    for (index, param) in signature.params.iter().enumerate() {
        let _ = writeln!(
            arguments,
            "        let batos_{index}: {} = batos_from.value(\"{}\")?;",
            param.ty, param.name
        );
        names.push(format!("batos_{index}"));
    }
    let (selector, returns, names) = (&signature.name, &signature.returns, names.join(", "));
    format!(
        r#"#![allow(warnings)]
extern crate batos_prelude;
mod object {{
    use batos_prelude::scope::*;
    use std::collections::*;
    #[derive(Clone, Debug)]
    pub struct {name} {{
{fields}        pub(crate) batos_marked: bool,
    }}
    impl {name} {{
        pub fn mark_changed(&mut self) {{
            self.batos_marked = true;
        }}
    }}
}}
mod scope {{
    pub use crate::object::{name};
    pub use batos_prelude::scope::*;
}}
#[forbid(unsafe_code)]
#[warn(unused_variables, unused_must_use, unreachable_code, unused_mut, unconditional_recursion)]
mod method;
use batos_prelude::{{ObjectRef, Panel}};
use std::collections::*;
#[no_mangle]
pub extern "C" fn call(batos_length: usize) {{
    batos_prelude::run(batos_length, |batos_from, batos_out| {{
        let mut batos_object = object::{name} {{
{reads}            batos_marked: false,
        }};
{arguments}        let batos_value: {returns} = batos_object.{selector}({names});
        batos_prelude::Pack::pack(&batos_value, batos_out);
        let batos_marked = batos_object.batos_marked && !batos_prelude::has_left();
        batos_prelude::Pack::pack(&batos_marked, batos_out);
{writes}        Ok(())
    }})
}}
"#
    )
}
