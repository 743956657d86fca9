//! Checks: examples that decide whether a method does what was asked.
//!
//! A failure is told in the notation of Rust, so that a person and a model can read what was called on
//! which slots, what was expected and what came.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;

use super::names::Names;
use super::sandbox::{Call, Host, Module, Outcome, Sandbox, TrapKind};
use super::signature::Signature;
use super::structure::StructSpec;
use super::types::Type;
use super::value::{
    Packed, default_value, value_from_json_with, value_to_json, value_to_rust, values_equal,
};

/// The time that checks run at: the same for all, so that they decide the same each time.
const NOW_MS: u64 = 1_700_000_000_000;

/// One example, as the person or a persona wrote it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Slots before the call; the others have the mission's values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slots: BTreeMap<String, Json>,
    #[serde(default)]
    pub args: Vec<Json>,
    /// `None` is not checked; `Some(null)` is.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub returns: Option<Json>,
    /// Slots after the call: those that it names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub after: BTreeMap<String, Json>,
    /// The method returns `Err` and changes nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub error: bool,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

/// Why one check does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckFailure {
    /// From 0.
    pub index: usize,
    /// For people and the model; counts checks from 1.
    pub message: String,
    /// When the method trapped.
    pub trap: Option<TrapKind>,
}

/// Runs every check on fresh slots: `base_slots` overlaid by its own. Nothing is kept of them.
pub fn run_checks(
    sandbox: &Sandbox,
    module: &Module,
    signature: &Signature,
    structure: &StructSpec,
    base_slots: &[(String, Packed)],
    checks: &[Check],
    host: &mut dyn Host,
) -> Result<(), Vec<CheckFailure>> {
    let mut failures = Vec::new();
    for (index, check) in checks.iter().enumerate() {
        let subject = Subject {
            sandbox,
            module,
            signature,
            structure,
        };
        if let Err((message, trap)) = subject.run(index, check, base_slots, host) {
            failures.push(CheckFailure {
                index,
                message: format!("check {}: {message}", index + 1),
                trap,
            });
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}

/// Makes a call that no result is expected of, and tells how it trapped if it did: `spiral([]) panicked: …`.
pub fn run_probe(
    sandbox: &Sandbox,
    module: &Module,
    signature: &Signature,
    structure: &StructSpec,
    base_slots: &[(String, Packed)],
    probe: &Check,
    host: &mut dyn Host,
) -> Result<Probed, String> {
    let subject = Subject {
        sandbox,
        module,
        signature,
        structure,
    };
    let slots = subject.slots(probe, base_slots, host.names())?;
    let args = subject.args(probe, host.names())?;
    let call = Call {
        signature,
        structure,
        slots: &slots,
        args: &args,
        now_ms: NOW_MS,
        seed: 0,
    };
    Ok(match sandbox.call(module, &call, host) {
        Outcome::Trapped { kind, message } => {
            let verb = trapped(kind);
            let told = subject.told(&slots, &args);
            Probed::Trapped {
                kind,
                message: format!("{told} {verb}: {message}"),
            }
        }
        Outcome::Returned { is_err: true, .. } => Probed::Err,
        Outcome::Returned {
            value,
            slots: after,
            ..
        } => {
            let shown = value_to_json(&signature.returns, &value);
            let after = structure.slots.iter().zip(&after);
            let after = after.map(|((_, ty), (_, packed))| value_to_json(ty, packed));
            let all: Result<Vec<Json>, _> = std::iter::once(shown).chain(after).collect();
            Probed::Returned(all.map_err(|error| error.to_string())?)
        }
    })
}

/// What came of a probe.
#[derive(Debug, Clone, PartialEq)]
pub enum Probed {
    /// The result, then the slots if it may change them.
    Returned(Vec<Json>),
    /// The method's own `Err`; its text says nothing.
    Err,
    Trapped {
        kind: TrapKind,
        message: String,
    },
}

const fn trapped(kind: TrapKind) -> &'static str {
    match kind {
        TrapKind::Panic => "panicked",
        _ => "was stopped",
    }
}

/// What is checked.
struct Subject<'a> {
    sandbox: &'a Sandbox,
    module: &'a Module,
    signature: &'a Signature,
    structure: &'a StructSpec,
}

type Failure = (String, Option<TrapKind>);

impl Subject<'_> {
    fn run(
        &self,
        index: usize,
        check: &Check,
        base: &[(String, Packed)],
        host: &mut dyn Host,
    ) -> Result<(), Failure> {
        let plain = |message| (message, None);
        let slots = self.slots(check, base, host.names()).map_err(plain)?;
        let args = self.args(check, host.names()).map_err(plain)?;
        let seed = u64::try_from(index).unwrap_or(0);
        let call = Call {
            signature: self.signature,
            structure: self.structure,
            slots: &slots,
            args: &args,
            now_ms: NOW_MS,
            seed,
        };
        let told = self.told(&slots, &args);
        match self.sandbox.call(self.module, &call, host) {
            Outcome::Trapped { kind, message } => {
                let expected = self.expected(check, host.names()).map_err(plain)?;
                let verb = trapped(kind);
                Err((
                    format!("{told}: expected {expected}, but it {verb}: {message}"),
                    Some(kind),
                ))
            }
            Outcome::Returned {
                value,
                is_err,
                slots: after,
                ..
            } => {
                let after = if after.is_empty() { slots } else { after };
                let mut problems = self
                    .compare_result(check, &value, is_err, host.names())
                    .map_err(plain)?;
                let slots = self.compare_slots(check, &after, host.names());
                problems.extend(slots.map_err(plain)?);
                if problems.is_empty() {
                    Ok(())
                } else {
                    Err((format!("{told}: {}", problems.join("; ")), None))
                }
            }
        }
    }

    fn slots(
        &self,
        check: &Check,
        base: &[(String, Packed)],
        names: &dyn Names,
    ) -> Result<Vec<(String, Packed)>, String> {
        if let Some(name) = check
            .slots
            .keys()
            .chain(check.after.keys())
            .find(|name| self.structure.slot(name).is_none())
        {
            return Err(format!("{} has no slot {name}", self.structure.name));
        }
        let mut slots = Vec::new();
        for (name, ty) in &self.structure.slots {
            let packed = match (
                check.slots.get(name),
                base.iter().find(|(slot, _)| slot == name),
            ) {
                (Some(json), _) => value_from_json_with(ty, json, names)
                    .map_err(|error| format!("slot {name}: {error}"))?,
                (None, Some((_, packed))) => packed.clone(),
                (None, None) => default_value(ty),
            };
            slots.push((name.clone(), packed));
        }
        Ok(slots)
    }

    fn args(&self, check: &Check, names: &dyn Names) -> Result<Vec<Packed>, String> {
        let params = &self.signature.params;
        if params.len() != check.args.len() {
            let (name, expected, got) = (&self.signature.name, params.len(), check.args.len());
            return Err(format!(
                "{name} takes {expected} argument(s), the check gives {got}"
            ));
        }
        let pairs = params.iter().zip(&check.args);
        let args = pairs.map(|(param, json)| {
            value_from_json_with(&param.ty, json, names)
                .map_err(|error| format!("argument {}: {error}", param.name))
        });
        args.collect()
    }

    /// `deposit(-1.0) with balance = 1.0`.
    fn told(&self, slots: &[(String, Packed)], args: &[Packed]) -> String {
        let args = self
            .signature
            .params
            .iter()
            .zip(args)
            .map(|(param, packed)| shown(&param.ty, packed));
        let args: Vec<String> = args.collect();
        let call = format!("{}({})", self.signature.name, args.join(", "));
        let slots = self
            .structure
            .slots
            .iter()
            .zip(slots)
            .map(|((name, ty), (_, packed))| format!("{name} = {}", shown(ty, packed)));
        let slots: Vec<String> = slots.collect();
        if slots.is_empty() {
            call
        } else {
            format!("{call} with {}", slots.join(", "))
        }
    }

    fn expected(&self, check: &Check, names: &dyn Names) -> Result<String, String> {
        match self.expected_value(check, names)? {
            Some(packed) => Ok(shown(&self.signature.returns, &packed)),
            None if check.error => Ok("Err".into()),
            None => Ok("a result".into()),
        }
    }

    fn expected_value(&self, check: &Check, names: &dyn Names) -> Result<Option<Packed>, String> {
        let ty = &self.signature.returns;
        let returns = check.returns.as_ref();
        let packed = returns.map(|json| value_from_json_with(ty, json, names));
        packed
            .transpose()
            .map_err(|error| format!("the expected result: {error}"))
    }

    fn compare_result(
        &self,
        check: &Check,
        value: &[u8],
        is_err: bool,
        names: &dyn Names,
    ) -> Result<Vec<String>, String> {
        let ty = &self.signature.returns;
        let mut problems = Vec::new();
        if check.error && !is_err {
            problems.push(format!("expected Err, got {}", shown(ty, value)));
        } else if let Some(expected) = self.expected_value(check, names)?
            && !values_equal(ty, &expected, value).map_err(|error| error.to_string())?
        {
            problems.push(format!(
                "expected {}, got {}",
                shown(ty, &expected),
                shown(ty, value)
            ));
        }
        Ok(problems)
    }

    fn compare_slots(
        &self,
        check: &Check,
        after: &[(String, Packed)],
        names: &dyn Names,
    ) -> Result<Vec<String>, String> {
        let mut problems = Vec::new();
        for ((name, ty), (_, got)) in self.structure.slots.iter().zip(after) {
            let Some(json) = check.after.get(name) else {
                continue;
            };
            let expected = value_from_json_with(ty, json, names)
                .map_err(|error| format!("slot {name} afterwards: {error}"))?;
            if !values_equal(ty, &expected, got).map_err(|error| error.to_string())? {
                let (expected, got) = (shown(ty, &expected), shown(ty, got));
                problems.push(format!(
                    "afterwards expected {name} = {expected}, got {got}"
                ));
            }
        }
        Ok(problems)
    }
}

/// The value, cut where it gets long.
fn shown(ty: &Type, packed: &[u8]) -> String {
    const MOST: usize = 400;
    let text = value_to_rust(ty, packed).unwrap_or_else(|error| format!("<{error}>"));
    if text.chars().count() <= MOST {
        return text;
    }
    text.chars().take(MOST).chain("…".chars()).collect()
}
